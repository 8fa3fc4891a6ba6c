"""Reading what people upload: which kind of file it is, safely, and as the site's own values. Stores nothing."""
