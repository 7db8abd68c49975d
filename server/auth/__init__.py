"""Who is at the door: signing in, the session's cookie, and proof that a form is ours."""
