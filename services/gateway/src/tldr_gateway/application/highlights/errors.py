"""What can be wrong with a wish about highlights, in words for the caller."""

from tldr_web import Problem


class ExportTooLarge(Problem):
    """More than one file holds."""

    def __init__(self, most: int) -> None:
        detail = f"These are more than {most} highlights. Narrow the filters, as with created_after and created_before."
        super().__init__(422, "export_too_large", detail)
