"""The sample mailbox of Ana Kovač at Halden: invented people, companies and letters."""
