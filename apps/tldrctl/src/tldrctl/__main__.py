"""`python -m tldrctl` is `tldrctl`."""

from tldrctl.main import app

if __name__ == "__main__":
    app()
