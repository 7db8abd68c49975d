// The window that Gmail opened closes itself; one that was opened otherwise stays, and says what to do.
window.close();
