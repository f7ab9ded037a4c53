"""Space-themed machine learning that lives on the Hugging Face Hub."""
