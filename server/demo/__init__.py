"""The sample mailbox of Ana Kovač at Halden, and the Gmail on this machine that serves it.

All people, companies and letters are invented. `stand_in` is the Gmail's program, `consenting` the
click on its consent page, `telling` what is made of it.
"""
