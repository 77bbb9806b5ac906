"""The style of reports: what the console and the file that is sent away share, and the whole sheet of that file."""

from weighbridge.report.html_style import DARK, LIGHT

PARTS = """
.measures .tile b{margin:2px 0}
.answer h2 small{display:block;margin:2px 0 0}
.finding b{font-size:20px;font-weight:650;letter-spacing:-.02em;margin-right:4px}
.answer p{margin:4px 0}
.bars{margin:12px 0;max-width:640px}
.bars figcaption{font-weight:550;font-size:13px;margin-bottom:4px}
.bars svg{display:block;width:100%;height:72px}
.bars table{width:100%}
.bars table td,.bars table th{padding:2px 10px 2px 0;border:0;background:none!important}
.bars th{font-weight:400;color:var(--ink);white-space:nowrap;width:1%}
.bars .long{width:99%;min-width:60px}
.bars .long svg{height:12px}
.bars .bar-1{fill:var(--accent)}
.bars .ends{display:flex;justify-content:space-between;color:var(--muted);font-size:12.5px}
.wide-table{overflow-x:auto;margin:8px 0}
.wide-table td{min-width:72px}
.wide-table thead{position:static}
.statement{margin:6px 0;overflow-wrap:anywhere}
.choose{display:flex;flex-wrap:wrap;gap:10px 14px;align-items:end}
.choose .field{margin:0}
.choose .check{margin:0;min-height:32px}
b .sign,.tile b .sign{display:inline;color:inherit;font-size:.72em}
"""
"""Rules that both take; they name roles of color, never colors."""
_FILE = """
*{box-sizing:border-box}
html{font:14px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
background:var(--page);color:var(--ink);-webkit-text-size-adjust:100%;font-variant-numeric:tabular-nums}
body{margin:0}
main{max-width:1080px;margin:0 auto;padding:28px 24px 60px;overflow-wrap:anywhere}
h1,h2,h3,p,dl,dd,figure{margin:0;padding:0}
h1{font-size:26px;font-weight:650;letter-spacing:-.02em}
h2{font-size:16px;font-weight:650;margin-bottom:6px}
h2 small{color:var(--muted);font-weight:400;font-size:13px}
h3{font-size:13px;margin:14px 0 2px}
a{color:var(--accent)}
code{font:12px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.home{display:flex;align-items:center;gap:9px;font-weight:650;margin-bottom:18px}
.mark{width:24px;height:24px;color:var(--accent)}
.letter{margin-bottom:20px}.letter .keys{margin:12px 0}
.keys{display:grid;grid-template-columns:max-content 1fr;gap:3px 16px}
.keys dt{color:var(--muted)}.keys dd{min-width:0}
.panel{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin-bottom:14px}
.cover{border-left:3px solid var(--accent)}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:10px;margin-bottom:14px}
.tile{border:1px solid var(--line);border-radius:10px;background:var(--surface);padding:12px 16px;color:inherit;
text-decoration:none}
.tile b{display:block;font-size:22px;font-weight:650;letter-spacing:-.02em;line-height:1.25}
.tile span{display:block;color:var(--muted);font-size:12.5px}
.tile span:first-child{color:var(--ink);font-weight:550;font-size:13px}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:550;font-size:12.5px;color:var(--muted);padding:6px 12px 6px 0;
border-bottom:1px solid var(--line)}
td{padding:5px 12px 5px 0;border-bottom:1px solid var(--line);vertical-align:top;font-size:13px}
tbody tr:last-child td{border-bottom:0}
.num{text-align:right;white-space:nowrap}.fit{white-space:nowrap}
.name{font-weight:550}.sub{color:var(--muted);font-size:12.5px}.muted{color:var(--muted)}
.error{color:var(--error)}.warning{color:var(--warning)}.success{color:var(--success)}
.pill{display:inline-block;padding:0 8px;border-radius:99px;font-size:12px;font-weight:550;white-space:nowrap;
background:var(--neutral-tint);color:var(--ink)}
.pill.error{background:var(--error-tint);color:var(--error)}
.pill.warning{background:var(--warning-tint);color:var(--warning)}
.pill.success{background:var(--success-tint);color:var(--success)}
.note{padding:8px 12px;border-radius:8px;background:var(--warning-tint);color:var(--warning)}
@media(max-width:640px){main{padding:18px 12px 40px}.keys{grid-template-columns:1fr;gap:0}.keys dd{margin-bottom:6px}}
@page{size:A4;margin:14mm}
@media print{html{font-size:9pt;background:#fff}main{padding:0;max-width:none}
.panel,.tile{background:none;break-inside:auto}.tile,.finding,tr,.bars{break-inside:avoid}h2,h3{break-after:avoid}
.panel{border:0;border-top:1px solid var(--line);border-radius:0;padding:10px 0}.wide-table{overflow:visible}
td,th{font-size:8pt;padding:3px 8px 3px 0}.wide-table td{min-width:0}.asked{break-before:page}a{color:inherit}}
"""


def _variables(colors: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colors.items())


FILE_STYLE = (
    f":root{{color-scheme:light;{_variables(LIGHT)}}}\n"
    f"@media screen and (prefers-color-scheme:dark){{:root{{color-scheme:dark;{_variables(DARK)}}}}}\n{_FILE}{PARTS}"
)
"""Everything that `report_file.html` needs; on paper it is always light."""
