"""Words of titles and notices of copyright, and words that never stand in the names of people and companies.

Data. What is in none of these sets may be a name, and only where names stand.
"""

# fmt: off
TITLE = frozenset({
    "a", "an", "and", "are", "as", "available", "below", "by", "clause", "distributed", "follows", "full", "general",
    "identifier", "in", "international", "is", "it", "license", "licensed", "model", "new", "of", "open", "package",
    "philosophy", "project", "public", "published", "released", "repository", "reproduced", "revised", "simplified",
    "software", "source", "spdx", "terms", "conditions", "text", "the", "this", "under", "unported", "v", "version",
})
"""Words by which somebody says which license this is, and no more."""

NEVER_IN_TITLES = frozenset({
    "deprecated", "example", "expired", "former", "invalid", "legacy", "obsolete", "old", "outdated", "party",
    "previous", "proposed", "sample", "template", "third", "tokenizer", "unofficial",
})
"""Words before a license's name that say that it is not in force, or for something else."""

OTHER_LICENSES = frozenset({
    "afl", "agpl", "apache", "artistic", "bsd", "bsl", "cc", "cddl", "cecill", "commons", "creative", "ecl", "epl",
    "eupl", "exaone", "expat", "falcon", "flux", "gemma", "gnu", "gpl", "isc", "jamba", "lesser", "lgpl", "llama",
    "mit", "mozilla", "mpl", "mrl", "mnpl", "odbl", "openrail", "polyform", "qwen", "rail", "sspl", "stability",
    "tongyi", "unlicense", "wtfpl", "zlib",
})
"""Names of licenses; beside a word of licensing, and not the license's own, they say that another license holds."""

CONNECTING = frozenset({
    "affiliates", "al", "all", "at", "authors", "co", "company", "contributors", "corp", "corporation", "de",
    "developers", "et", "foundation", "holder", "holders", "inc", "individual", "its", "labs", "llc", "ltd",
    "members", "or", "other", "others", "owner", "owners", "present", "rights", "team", "their", "to", "university",
})
"""Words between and behind names."""

HARMLESS_IN_NAMES = frozenset({"academic", "clause", "research", "union", "additional", "internal"})
"""Words of terms that companies have in their names; without a word of use beside them they say nothing."""

NEVER_IN_NAMES = frozenset({
    # who and whom
    "anybody", "anyone", "businesses", "companies", "customers", "everybody", "everyone", "firms", "he", "hobbyists",
    "i", "nobody", "one", "our", "people", "she", "somebody", "someone", "students", "they", "us", "user", "users",
    "we", "who", "whoever", "whom", "you", "your",
    # verbs and the like
    "am", "applies", "apply", "ask", "be", "been", "began", "buy", "can", "changed", "contact", "could", "covers",
    "did", "do", "does", "earn", "ends", "evaluate", "expire", "expires", "forbids", "going", "had", "has", "have",
    "hosted", "hosting", "kidding", "makes", "may", "means", "might", "mail", "needs", "owe", "owns", "refer",
    "replaced", "request", "requires", "see", "should", "study", "superseded", "talk", "train", "training", "used",
    "use", "using", "valid", "was", "were", "will", "would", "write",
    # how and when
    "above", "after", "again", "alone", "any", "before", "but", "each", "either", "else", "every", "except", "first",
    "for", "from", "here", "hereby", "however", "if", "instead", "just", "later", "likewise", "never", "no", "none",
    "nor", "nothing", "now", "otherwise", "please", "same", "since", "some", "than", "that", "then", "there",
    "these", "those", "until", "when", "where", "which", "while", "with", "without", "yet",
    # things
    "banned", "barred", "cents", "charge", "charged", "charges", "cost", "day", "days", "denied", "dollar", "dollars",
    "donate", "donation", "donations", "excluded", "exempt", "expiring", "hour", "hours", "invoice", "month", "months",
    "owed", "owes", "paying", "pays", "week", "weeks",
    "commerce", "draft", "fake", "joke", "money", "percent", "production", "purpose", "purposes", "sales", "share",
    "belong", "belongs", "outputs", "withdraw", "withdrawn", "withdraws",
    "access", "allows", "bans", "bars", "business", "costs", "denies", "deployment", "gives", "grants", "itself",
    "keeps", "lets", "limits", "refuses", "reserves", "stays", "trial", "void", "weights", "http", "website",
    # other languages: not, no, only, for, without, forbidden, use
    "alleen", "apenas", "bez", "dla", "fur", "für", "geen", "interdits", "kein", "keine", "nao", "não", "nicht",
    "nie", "niet", "nur", "ohne", "para", "pas", "pour", "sadece", "sans", "sauf", "seulement", "sin", "solo",
    "soltanto", "somente", "tylko", "usage", "uso", "utilisation", "verboden", "vietata", "voor", "yasak", "yasaktır",
    "zabronione", "zwecke",
})
"""Words that make a sentence, or turn one round."""

GIVEN_NAMES = frozenset({"ask", "can", "else", "may", "will"})
"""Of the words of sentences, those that people are called by; more than names only where they stand as names."""

SURNAMES = frozenset({
    "ask", "been", "can", "day", "do", "else", "fee", "he", "just", "may", "means", "nie", "pay", "see", "sell", "she",
    "sin", "train", "will", "you",
})
"""Of the words of sentences, those that families are called by."""

IN_COMPANIES = frozenset({
    "access", "active", "business", "credit", "display", "educational", "export", "first", "here", "now", "one",
    "policy", "private", "production", "share", "study", "training", "union", "website",
})
"""Of the words of sentences and terms, those that stand in the names of companies."""

INSTITUTIONS = frozenset({
    "academy", "agency", "association", "center", "centre", "consortium", "council", "foundation", "initiative",
    "institute", "laboratory", "network", "office", "school", "society", "university",
})
"""Names of organizations in which `for` follows: Consortium for Python Data API Standards."""

ORGANIZATIONS = frozenset({
    "ab", "ag", "bank", "bv", "company", "corp", "corporation", "foundation", "gmbh", "group", "inc", "incorporated",
    "institute", "kk", "lab", "laboratories", "laboratory", "labs", "limited", "llc", "llp", "ltd", "machines", "nv",
    "oy", "plc", "pte", "pty", "sa", "sas", "school", "services", "software", "solutions", "srl", "studio", "studios",
    "systems", "technologies", "university",
})
"""Last words of companies' names."""

VERBS = frozenset({
    "act", "add", "amend", "apply", "bar", "become", "begin", "bill", "block", "bring", "call", "cancel", "cease",
    "change", "charge", "claim", "close", "collect", "come", "compete", "cost", "decide", "decline", "delete", "demand",
    "deny", "die", "disable", "end", "enforce", "enter", "exclude", "expire", "fall", "fine", "follow", "force", "get",
    "give", "go", "hold", "increase", "invoice", "keep", "lapse", "lead", "leave", "lose", "make", "need", "offer",
    "own", "pass", "pursue", "raise", "reclaim", "refuse", "reject", "remain", "remove", "rent", "reserve", "retract",
    "return", "seek", "sell", "send", "stay", "stop", "sue", "suspend", "take", "tax", "trace", "track", "turn", "vary",
    "void", "want", "withdraw", "withhold",
})
"""What somebody will or may do; behind those words it is a sentence and no name."""

REVERSING = frozenset({
    "above", "alone", "applies", "apply", "ask", "belong", "belongs", "businesses", "companies", "contact", "covers",
    "customers", "outputs", "draft", "earn",
    "ends", "evaluate", "expire", "expires", "fake", "firms", "forbids", "hobbyists", "hosted", "instead", "joke",
    "kidding", "means", "money", "nobody", "none", "nothing", "owe", "percent", "production", "purposes", "replaced",
    "request", "sales", "students", "superseded", "trial", "valid", "void", "weights",
})
"""Words by which a text narrows or takes back what stands beside it, with no word of terms."""

PHRASES: dict[tuple[str, ...], frozenset[str]] = {
    ("all", "rights", "reserved"): frozenset(),
    ("as", "shown", "by", "the", "authors", "file"): frozenset(),
    ("distributed", "with", "the"): frozenset(),
    ("many", "contributors", "see"): frozenset(),
    ("opensource", "org", "license"): frozenset(),
    ("opensource", "org", "licenses"): frozenset(),
    ("creative", "commons"): frozenset({"cc"}),
    ("creative", "commons", "legal", "code"): frozenset({"cc"}),
    ("see", "license", "for", "details"): frozenset(),
    ("see", "the", "license", "file", "for", "details"): frozenset(),
    ("see", "authors"): frozenset(),
    ("see", "the", "authors", "file"): frozenset(),
}
"""Harmless phrases, and which words must be in the license's names for them to be so."""
# fmt: on
