"""Topics of reviews: this project, scikit-learn, and one topic for all."""
