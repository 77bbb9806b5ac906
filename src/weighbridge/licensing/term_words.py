"""Words by which a sentence about terms gives itself away, in English and in a few words of other languages.

Data. A word too many costs a person a look; a word too few takes a restricted model for a free one.
"""

# fmt: off
STRONG = frozenset({
    "academia", "eu", "eur", "euros", "firms", "governments", "hobbyists", "reserves", "usd", "void",
    "academic", "addendum", "agreement", "amended", "amendment", "aup", "comercial", "comerciales",
    "commercial", "commerciale", "commerciales", "commerciali", "commercially", "commons", "competing",
    "competitor", "competitors", "covenant", "derivative", "derivatives", "disallowed", "eula", "forbid",
    "forbidden", "gewerblich", "gewerbliche", "harmful", "illegal", "interdit", "interdite", "jurisdiction",
    "kommerziell", "kommerzielle", "kommerziellen", "mau", "military", "nichtkommerziell", "niekomercyjne",
    "noncommercial", "noncommercially", "noncompetitive", "nonproduction", "nonprofit", "notwithstanding",
    "obligation", "obligations", "owe", "owes", "permission", "permissions", "permitido", "permitted", "prohibida",
    "prohibido", "prohibit", "prohibited", "prohibition", "prohibits", "proibido", "redistribute",
    "redistribution", "resale", "revenue", "revenues", "revoke", "revoked", "rider", "royalties", "royalty",
    "royaltyfree", "scholarly", "sublicense", "surveillance", "terminate", "terminated", "terminates",
    "termination", "ticari", "unauthorized", "unethical", "unlawful", "untersagt", "verboten", "vietato",
    "warfare", "weapon", "weapons", "withdraw", "withdrawn", "withdraws",
})
"""Words that prose about something else hardly ever has."""

WEAK = frozenset({
    "acceptable", "active", "additional", "agree", "agrees", "allowed", "attribution", "authorized", "cannot",
    "citizens", "clause", "compete", "compliance", "comply", "consent", "credit", "display", "displayed",
    "educational", "ethical", "evaluation", "exceed", "exceeds", "except", "exception", "exceptions",
    "excludes", "excluding", "export", "fee", "fees", "governing", "harm", "internal", "internally", "lawful",
    "modification", "modifications", "modified", "monthly", "must", "nc", "not", "obliged", "only", "paid",
    "pay", "payment", "permit", "personal", "policies", "policy", "private", "profit", "provided", "required",
    "requirement", "requirements", "research", "residents", "restrict", "restricted", "restriction",
    "restrictions", "restrictive", "restricts", "sell", "selling", "shall", "sold", "solely", "subject",
    "territories", "territory", "threshold", "union", "unless",
})
"""Words that speak of terms when they stand near what terms are about."""

KINDS_OF_USE = frozenset({
    "demonstration", "education", "educational", "evaluation", "home", "internal", "learning", "local", "personal",
    "private", "research", "study", "teaching", "test", "testing",
})
"""What a use is limited to where `only` stands beside it."""

TOPICS = frozenset({
    "business", "companies", "company", "copies", "copy", "deploy", "deployment", "distribute", "distributed",
    "distributing", "license", "licensed", "licensee", "licenses", "licensing", "licensor", "material",
    "materials", "model", "models", "organization", "organizations", "output", "outputs", "permission",
    "product", "products", "service", "services", "software", "usage", "use", "used", "user", "users", "uses",
    "using", "weights",
})
"""What terms are about."""

SOFT = frozenset({
    "conditions", "dual", "license", "licensed", "licensee", "licenses", "licensing", "licensor", "relicensed",
    "rights", "terms",
})
"""Words of terms that also stand where somebody only names the license."""

NAMING = frozenset({
    "a", "above", "all", "an", "and", "apache", "are", "as", "at", "authors", "be", "below", "bsd", "by", "can",
    "cc", "clause", "code", "conditions", "contributors", "copy", "copyright", "creative", "details",
    "distributed", "document", "expat", "file", "files", "following", "for", "found", "free", "freely", "full",
    "general", "gnu", "gpl", "holders", "identifier", "in", "included", "info", "information", "international",
    "is", "isc", "it", "its", "json", "lesser", "lgpl", "library", "license", "licensed", "licenses", "mit",
    "model", "models", "more", "mozilla", "mpl", "new", "obtain", "of", "official", "on", "open", "or", "our",
    "package", "please", "project", "public", "published", "readme", "released", "repository", "reserved",
    "rights", "root", "same", "section", "see", "simplified", "software", "source", "spdx", "terms", "text",
    "that", "the", "these", "this", "under", "unported", "v", "version", "weights", "which", "with", "work",
    "you",
})
"""Words around the name of a license that add nothing to it."""
# fmt: on
