"""The style sheet of the HTML report. Every color is a role with a light and a dark value; contrast is WCAG AA."""

LIGHT = {
    "page": "#f7f6f3",
    "surface": "#ffffff",
    "raised": "#f0eee9",
    "ink": "#1b1e22",
    "muted": "#59616b",
    "line": "#dedbd4",
    "accent": "#0a5a86",
    "error": "#a8201a",
    "error-tint": "#fbe9e7",
    "warning": "#7a4f00",
    "warning-tint": "#fbf0d9",
    "success": "#1a6636",
    "success-tint": "#e4f3e8",
    "neutral-tint": "#ebeae6",
    "selected": "#e6f0f6",
}

DARK = {
    "page": "#111417",
    "surface": "#181c20",
    "raised": "#20252a",
    "ink": "#e7eaed",
    "muted": "#9da7b2",
    "line": "#2c3238",
    "accent": "#7cc4ee",
    "error": "#ff9a90",
    "error-tint": "#3a1d1b",
    "warning": "#f0c05a",
    "warning-tint": "#352a12",
    "success": "#85d89a",
    "success-tint": "#16301f",
    "neutral-tint": "#262b31",
    "selected": "#1b2a35",
}


def _variables(colors: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colors.items())


_RULES = """
*{box-sizing:border-box}
html{font:14px/1.45 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
background:var(--page);color:var(--ink);-webkit-text-size-adjust:100%;font-variant-numeric:tabular-nums}
body{margin:0}
[hidden]{display:none!important}
h1,h2,h3,p,ul,dl,dd{margin:0;padding:0}
ul{list-style:none}
a{color:var(--accent)}
code,.mono{font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
button,input,select{font:inherit;color:inherit}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}
.skip:focus{left:12px;top:12px;background:var(--surface);padding:8px 12px;z-index:9}
.bar{display:flex;align-items:center;gap:12px;padding:14px 28px;background:var(--surface);
border-bottom:1px solid var(--line)}
.bar h1{font-size:16px;font-weight:650;letter-spacing:-.01em;display:flex;align-items:center;gap:10px}
.mark{width:26px;height:26px;color:var(--accent);flex:none}
.bar dl{display:flex;gap:22px;margin-left:auto;color:var(--muted);font-size:13px}
.bar dl div{display:flex;gap:6px;white-space:nowrap}
.bar dd{color:var(--ink)}
.tool{border:1px solid var(--line);background:var(--surface);border-radius:6px;padding:4px 10px;cursor:pointer}
.tool:hover{background:var(--raised)}
main{max-width:1680px;margin:0 auto;padding:22px 28px 60px}
.lead{display:flex;align-items:baseline;flex-wrap:wrap;gap:4px 22px;margin-bottom:14px}
.lead strong{font-size:26px;font-weight:650;letter-spacing:-.02em}
.lead span{color:var(--muted)}
.lead b{color:var(--ink);font-weight:600}
.share{display:block;width:100%;height:8px;border-radius:4px;margin-bottom:14px;background:var(--raised)}
.share .malicious,.share .hostile{fill:var(--error)}
.share .hostile{opacity:.72}
.share .incomplete,.share .review{fill:var(--warning)}
.share .incomplete{opacity:.72}
.share .clean{fill:var(--success)}
.share .not-a-model{fill:var(--muted)}
.tiles{display:flex;flex-wrap:wrap;gap:8px;margin-bottom:16px}
.tile{display:flex;align-items:center;gap:8px;padding:6px 12px 6px 10px;border:1px solid var(--line);border-radius:8px;
background:var(--surface);cursor:pointer}
.tile b{font-size:16px;font-weight:650}
.tile[aria-pressed=true]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.tile.decision{margin-left:0}
.tiles .gap{width:10px}
.tiles .label{align-self:center;color:var(--muted);font-size:12.5px}
.error{color:var(--error)}.warning{color:var(--warning)}.success{color:var(--success)}.muted{color:var(--muted)}
.hint{color:var(--accent)}
.finder{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin-bottom:12px}
.finder input[type=search]{flex:1 1 280px;max-width:520px;padding:7px 12px;border:1px solid var(--line);
border-radius:8px;background:var(--surface)}
.finder input::placeholder{color:var(--muted);opacity:1}
.finder select{padding:7px 8px;border:1px solid var(--line);border-radius:8px;background:var(--surface)}
.finder output{margin-left:auto;color:var(--muted)}
kbd{font:11px/1 ui-monospace,Menlo,Consolas,monospace;border:1px solid var(--line);border-bottom-width:2px;
border-radius:4px;padding:2px 5px;background:var(--surface);color:var(--muted)}
.sheet{background:var(--surface);border:1px solid var(--line);border-radius:10px;overflow:clip}
table{border-collapse:separate;border-spacing:0;width:100%;table-layout:fixed}
th{position:sticky;top:0;z-index:2;background:var(--surface);text-align:left;font-weight:550;font-size:12.5px;
color:var(--muted);padding:9px 10px;border-bottom:1px solid var(--line);white-space:nowrap}
th button{all:unset;cursor:pointer;display:inline-flex;gap:4px}
th button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
th[aria-sort=ascending] button::after{content:"\\2191"}
th[aria-sort=descending] button::after{content:"\\2193"}
td{padding:7px 10px;border-bottom:1px solid var(--line);vertical-align:top;overflow:hidden;text-overflow:ellipsis}
tbody tr:last-child td{border-bottom:0}
.js tbody tr[data-i]{cursor:pointer}
.js tbody tr[data-i]:hover td{background:var(--raised)}
tbody tr[aria-selected=true] td{background:var(--selected)}
tbody tr[aria-selected=true] td:first-child{box-shadow:inset 3px 0 0 var(--accent)}
.c-as{width:128px}.c-fo{width:126px}.c-si{width:88px}.c-pa{width:82px}.c-st{width:116px}.c-li{width:150px}
.c-ve{width:100px}.c-di{width:126px}
.num{text-align:right}
th.num button{justify-content:flex-end}
.pill{display:inline-flex;gap:6px;align-items:center;padding:1px 9px 1px 7px;border-radius:99px;font-size:12.5px;
font-weight:550;white-space:nowrap;background:var(--neutral-tint)}
.pill.error{background:var(--error-tint)}.pill.warning{background:var(--warning-tint)}
.pill.success{background:var(--success-tint)}
.name{font-weight:550;overflow-wrap:anywhere}
.sub{color:var(--muted);font-size:12.5px;overflow-wrap:anywhere}
.why{font-size:13px;overflow-wrap:anywhere}
.found{margin-top:4px;font-size:13px}
.found li{margin-bottom:4px}
html:not(.js) .why{display:none}
.js .found,.js:not(.ready) #rows{display:none}
.clamp{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.cut{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.note{padding:10px 28px;border-bottom:1px solid var(--line);background:var(--warning-tint);color:var(--warning)}
section h3{font-size:14px;font-weight:550;margin:16px 0 8px}
section h2{font-size:15px;font-weight:650;margin:30px 0 10px}
section h2 span{color:var(--muted);font-weight:400}
.empty{padding:34px;text-align:center;color:var(--muted)}
.drawer{position:fixed;inset:0 0 0 auto;width:min(620px,100vw);background:var(--surface);z-index:5;
border-left:1px solid var(--line);box-shadow:-18px 0 50px rgb(0 0 0/.16);overflow:auto;overscroll-behavior:contain}
.drawer header{position:sticky;top:0;z-index:1;background:var(--surface);padding:16px 22px 12px;
border-bottom:1px solid var(--line);display:flex;gap:14px;align-items:flex-start}
.drawer header h2{font-size:16px;font-weight:650;overflow-wrap:anywhere;margin:4px 0 0}
.drawer header>div{flex:1;min-width:0}
.drawer .body{padding:6px 22px 40px}
.drawer h3{font-size:12.5px;font-weight:600;color:var(--muted);margin:22px 0 8px}
.card{border:1px solid var(--line);border-left-width:3px;border-radius:8px;padding:10px 12px;margin-bottom:8px}
.card.error{border-left-color:var(--error)}.card.warning{border-left-color:var(--warning)}
.card.success{border-left-color:var(--success)}.card.hint{border-left-color:var(--accent)}
.card.error>p,.card.warning>p,.card.success>p,.card.hint>p{color:var(--ink)}
.card .sub{color:var(--muted)!important}
.card .meta{margin-top:3px}
.card .meta{display:flex;flex-wrap:wrap;gap:4px 12px;color:var(--muted);font-size:12.5px}
.card .meta b{font-weight:600}
.card.error .meta b{color:var(--error)}.card.warning .meta b{color:var(--warning)}
.card .next{margin-top:6px;padding-top:6px;border-top:1px dashed var(--line)}
.card .next::before{content:"\\2192\\00a0";color:var(--accent);font-weight:600}
.card code,.facts code,.places code{overflow-wrap:anywhere}
.keys{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px}
.keys dt{color:var(--muted)}
.keys dd{overflow-wrap:anywhere;min-width:0}
.facts{table-layout:auto;border:1px solid var(--line);border-radius:8px;overflow:hidden}
.facts td{padding:5px 10px;font-size:13px;overflow-wrap:anywhere}
.facts td:first-child{color:var(--muted);white-space:nowrap}
.grade{font-size:12px;white-space:nowrap;color:var(--muted)}
.grade.measured,.grade.signed{color:var(--success)}
.places li{padding:5px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.places li:last-child{border:0}
.copy{all:unset;cursor:pointer;color:var(--accent);
font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.copy:focus-visible{outline:2px solid var(--accent)}
.copy:hover{text-decoration:underline}
footer{max-width:1680px;margin:0 auto;padding:0 28px 40px;color:var(--muted);font-size:12.5px}
@media(max-width:1180px){.c-pa,.c-di,.t-pa,.t-di{display:none}}
@media(max-width:980px){.c-st,.t-st,.c-fo,.t-fo{display:none}.bar dl .opt{display:none}}
@media(max-width:720px){
.bar{padding:12px 16px}.bar dl .wide{display:none}.bar dl{gap:12px}main{padding:16px 12px 40px}
.lead strong{font-size:22px}.finder{display:grid;grid-template-columns:1fr 1fr}
.finder input[type=search]{grid-column:1/-1;max-width:none}.finder output{margin:0;grid-column:1/-1}
.finder .keyboard{display:none}
.finder select{min-width:0}
thead{position:absolute;left:-9999px}
table.main,table.main tbody{display:block}
table.main tr{display:grid;grid-template-columns:1fr auto;gap:2px 10px;padding:10px 12px;
border-bottom:1px solid var(--line)}
table.main td{padding:0;border:0;background:none!important}
table.main tr[aria-selected=true]{background:var(--selected)}
table.main .t-as{grid-area:1/1}table.main .t-na{grid-column:1/-1;grid-row:2}
table.main .t-li{display:none}table.main .t-si{grid-area:3/2;color:var(--muted)}
table.main .t-fo{display:block;grid-area:3/1;color:var(--muted)}
table.main .t-ve{grid-area:1/2;text-align:right}}
@media print{
html{font-size:9.5pt;background:#fff;color:#000}
.finder,.tool,.drawer,.skip,.tiles .label{display:none!important}.js .found{display:block}.why{display:none}
.cut{white-space:normal}
main,.bar{padding-left:0;padding-right:0}.sheet{border:0;border-radius:0}th{position:static}
tr{break-inside:avoid}.tile{border:0;padding:0 14px 0 0}}
@media(prefers-reduced-motion:no-preference){.drawer{animation:slide .14s ease-out}
@keyframes slide{from{transform:translateX(24px);opacity:.3}}}
"""

STYLE = (
    f":root{{color-scheme:light;{_variables(LIGHT)}}}\n"
    f"@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{_variables(DARK)}}}}}\n"
    f":root[data-theme=dark]{{color-scheme:dark;{_variables(DARK)}}}\n"
    f"{_RULES}"
    "@media print{:root,:root:not([data-theme=light]),:root[data-theme=dark]{color-scheme:light;"
    f"{_variables(LIGHT)}}}}}"
)

MARK = (
    '<svg class="mark" viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"'
    ' aria-hidden="true"><path d="M5 17a11 11 0 0 1 22 0"/><path d="M16 17l5.2-6.4"/>'
    '<path d="M3 22.5h26"/><path d="M8 22.5v4.5M24 22.5v4.5"/>'
    '<circle cx="16" cy="17" r="1.6" fill="currentColor" stroke="none"/></svg>'
)
"""Our own mark: the dial of a scale above the platform of a weighbridge."""
