"""Reviews: what is said of them, by this project and by others."""
