"""Why a file is not read. Each says what to do about it; `name` is the file's own name."""

from gongshi.errors import RuleBroken


class FileRefused(RuleBroken):
    """A file that the site does not read."""

    code = "file-refused"


class FileEmpty(FileRefused):
    """A file has content."""

    code = "file-empty"


class FileTooBig(FileRefused):
    """A file is at most as large as its use allows. Details: megabytes."""

    code = "file-too-big"


class KindNotAllowed(FileRefused):
    """Only some kinds of file are taken here. Details: found (the ending), allowed."""

    code = "file-kind-not-allowed"


class KindMismatch(FileRefused):
    """A file is what its name's ending says. Details: ending, found."""

    code = "file-kind-mismatch"


class OldOffice(FileRefused):
    """.xls and .doc of before 2007 are not read, nor anything inside their container."""

    code = "file-old-office"


class PasswordProtected(FileRefused):
    """An encrypted file cannot be read."""

    code = "file-password-protected"


class FileDamaged(FileRefused):
    """A file is whole and in its format."""

    code = "file-damaged"


class TooManyParts(FileRefused):
    """An Office file has at most 200 parts."""

    code = "file-too-many-parts"


class UnpacksTooBig(FileRefused):
    """An Office file is small when unpacked, too: at most 20 MB, and a part at most 100 times its packed size."""

    code = "file-unpacks-too-big"


class UnsafeNames(FileRefused):
    """The parts of an Office file stay within it."""

    code = "file-unsafe-names"


class HasMacros(FileRefused):
    """No programs in files."""

    code = "file-has-macros"


class HasExternalLinks(FileRefused):
    """A file speaks for itself, without values fetched from other files."""

    code = "file-has-external-links"


class ReadingTooSlow(FileRefused):
    """A file can be read within seconds."""

    code = "file-too-slow"


class ReadingTooLarge(FileRefused):
    """A file can be read within the memory set aside for it."""

    code = "file-needs-too-much-memory"


class CsvEncoding(FileRefused):
    """A .csv is UTF-8 or GB18030."""

    code = "csv-encoding"


class CsvQuotes(FileRefused):
    """The quotation marks of a .csv come in pairs. Details: line."""

    code = "csv-quotes"


class TextEncoding(FileRefused):
    """A text file is UTF-8 or GB18030."""

    code = "text-encoding"
