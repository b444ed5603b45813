"""What passwords and tokens may look like."""

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

Password = Annotated[
    SecretStr, Field(min_length=12, max_length=256, description="At least 12 characters, of whatever kind.")
]
GivenPassword = Annotated[SecretStr, Field(min_length=1, max_length=256)]
EmailToken = Annotated[SecretStr, Field(min_length=1, max_length=200, description="The token of the letter.")]


Token = Annotated[SecretStr, Field(min_length=1, max_length=200)]


class LetterResponse(BaseModel):
    """What is answered whoever has the address."""

    detail: str = "If this can be done, a letter is on its way to this address."
