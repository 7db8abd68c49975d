"""The sample mailbox of Halden's Ana Kovač: invented people, companies and letters for a demo of Inlay."""
