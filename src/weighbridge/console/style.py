"""The console's style sheet: the report's roles of color, one scale of sizes, and the parts that pages are made of.

docs/explanation/visual-language.md says what each part is for. No color, size or font is named outside this file and
`report/html_style.py`, so that the language changes in one place.
"""

import hashlib

from weighbridge.console.report_style import PARTS
from weighbridge.report.html_style import DARK, LIGHT

_ADDED_LIGHT = {"shade": "rgb(0 0 0/.16)"}
_ADDED_DARK = {"shade": "rgb(0 0 0/.6)"}

_RULES = """
*{box-sizing:border-box}
html{font:14px/1.45 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
background:var(--page);color:var(--ink);-webkit-text-size-adjust:100%;font-variant-numeric:tabular-nums}
body{margin:0;min-height:100vh;display:flex;flex-direction:column}
[hidden]{display:none!important}
h1,h2,h3,p,ul,ol,dl,dd,figure{margin:0;padding:0}
ul,ol{list-style:none}
a{color:var(--accent);text-underline-offset:3px;
text-decoration-color:color-mix(in srgb,currentColor 35%,transparent)}a:hover{text-decoration-color:currentColor}
code,.mono{font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
button,input,select,textarea{font:inherit;color:inherit}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}
.skip:focus{left:12px;top:12px;background:var(--surface);padding:8px 12px;z-index:9}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}

.signed-in{display:grid;grid-template:1fr auto/184px minmax(0,1fr)}
.side{display:flex;align-items:center;gap:8px 12px;padding:12px 24px;background:var(--surface);
border-bottom:1px solid var(--line)}
.signed-in .side{grid-row:1/3;flex-direction:column;align-items:stretch;gap:12px;padding:14px 10px 12px;
position:sticky;top:0;height:100vh;overflow-y:auto;border:0;border-right:1px solid var(--line)}
.home{display:flex;align-items:center;gap:9px;font-weight:650;font-size:15px;color:var(--ink);text-decoration:none}
.signed-in .home{padding:0 10px}
.mark{width:26px;height:26px;color:var(--accent);flex:none}
.menu{display:flex;flex-direction:column;gap:12px;flex:1;position:static;inset:auto;width:auto;height:auto;margin:0;
padding:0;border:0;background:none;color:inherit;overflow:visible}
.tool.open-menu{display:none}
.find{justify-content:space-between;margin:0 2px;color:var(--muted);padding:4px 8px}
.nav{display:grid;gap:8px}
.nav p{padding:0 10px 2px;color:var(--muted);font-size:12.5px}
.nav a,.own>a{display:block;padding:2px 10px;border-radius:6px;color:var(--ink);text-decoration:none}
.nav a:hover,.own>a:hover{background:var(--raised)}
.nav a[aria-current=page],.own>a[aria-current=page]{background:var(--selected);font-weight:550;
box-shadow:inset 3px 0 var(--accent)}
.own{margin-top:auto;overflow-wrap:anywhere}.own .sub{display:block}
.own .acts{padding:6px 10px 0}.own .tool{padding:2px 9px;font-size:13px}

main{width:100%;max-width:1440px;margin:0 auto;padding:22px 24px 60px;flex:1;overflow-wrap:anywhere}
.title{display:flex;align-items:baseline;flex-wrap:wrap;gap:4px 18px;margin-bottom:16px}
.title h1{font-size:24px;font-weight:650;letter-spacing:-.02em}
.title p{color:var(--muted)}
.crumbs{color:var(--muted);font-size:13px;margin-bottom:6px}
.crumbs a{color:var(--muted)}
h2{font-size:15px;font-weight:650;margin:28px 0 10px}
h2 small{color:var(--muted);font-weight:400;font-size:13px;margin-left:6px}
h3{font-size:13px;font-weight:600;color:var(--muted);margin:0 0 8px}

.tool{display:inline-flex;align-items:center;gap:6px;border:1px solid var(--line);background:var(--surface);
border-radius:6px;padding:5px 11px;cursor:pointer;color:var(--ink);text-decoration:none;white-space:nowrap}
.tool:hover{background:var(--raised)}
.tool.first{background:var(--accent);border-color:var(--accent);color:var(--surface);font-weight:550}
.tool.first:hover{filter:brightness(1.08)}
.tool.worst{color:var(--error)}
.tool[disabled]{opacity:.5;cursor:default}
.field{display:grid;gap:4px;margin-bottom:14px;max-width:440px}
.field label{font-weight:550}
fieldset.field{border:0;padding:0;margin:0 0 14px;max-width:none;
grid-template-columns:repeat(auto-fill,minmax(170px,1fr))}legend{font-weight:550;padding:0}
.columns>:last-child fieldset.field{grid-template-columns:repeat(auto-fill,minmax(120px,1fr))}
.check{display:flex;gap:8px;align-items:center;margin-bottom:14px}
.field .check{font-weight:400;margin:0;min-height:28px}
.field .check input{width:auto}
.once{display:flex;gap:8px;align-items:center;margin-top:6px;color:var(--ink)}.apart{margin-top:18px}
.acts{display:flex;gap:6px}input[type=checkbox]{width:16px;height:16px;margin:2px 0}
.dots{list-style:disc;padding-left:18px;margin-bottom:8px}ol.dots{list-style:decimal;margin-top:8px}
p.hint:not(.card){color:var(--muted);font-size:13px;margin-top:8px}td .tool{padding:1px 9px;font-size:13px}
.field .hint{color:var(--muted);font-size:13px}
.field input,.field select,.field textarea,.search input{padding:7px 11px;border:1px solid var(--line);
border-radius:8px;background:var(--surface);width:100%}
.field [aria-invalid=true]{border-color:var(--error)}

.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:12px;margin-bottom:18px}
.tile{border:1px solid var(--line);border-radius:10px;background:var(--surface);padding:12px 16px;color:inherit;
text-decoration:none;display:block}
a.tile:hover{border-color:var(--accent)}
.tile b{display:block;font-size:24px;font-weight:650;letter-spacing:-.02em;line-height:1.2}
.tile>span{color:var(--muted);font-size:13px}
.columns{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,1fr);gap:24px;align-items:start}
.columns.even{grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));margin-top:18px}
.panel{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin-bottom:16px;
overflow-x:auto}
.panel>h2:first-child{margin-top:0}
.panel>:not(h2,h3)+:not(h2),.panel form>p:not([class~=hint])+.tool,.acts+.sheet,.acts+form>.sheet{margin-top:12px}
.sheet{background:var(--surface);border:1px solid var(--line);border-radius:10px;overflow-x:auto}

.search{display:flex;gap:8px;align-items:center;margin-bottom:12px;flex-wrap:wrap}
.search input{flex:1 1 320px;width:auto;font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.search output{color:var(--muted);margin-left:auto}
.views{display:flex;gap:6px;flex-wrap:wrap;margin-bottom:10px}
.views a{border:1px solid var(--line);border-radius:99px;padding:2px 11px;color:var(--muted);text-decoration:none;
font-size:13px;background:var(--surface)}
.views a:hover{color:var(--ink)}
.views a[aria-current=true]{color:var(--ink);border-color:var(--accent);background:var(--selected)}
.facets{margin-bottom:12px}.facets .views{margin-bottom:6px;align-items:center}.facets small{color:var(--muted)}
.facets b{min-width:72px;font-weight:500;font-size:13px;color:var(--muted)}

table{border-collapse:separate;border-spacing:0;width:100%}
th{background:var(--surface);text-align:left;font-weight:550;font-size:12.5px;color:var(--muted);
padding:9px 12px;border-bottom:1px solid var(--line);white-space:nowrap}
th a{color:inherit;text-decoration:none}
th a:hover{color:var(--ink)}
th[aria-sort=ascending] a::after{content:" \\2191"}
th[aria-sort=descending] a::after{content:" \\2193"}
td{padding:7px 12px;border-bottom:1px solid var(--line);vertical-align:top}
tbody tr:last-child td{border-bottom:0}
tbody tr:hover td{background:var(--raised)}
tbody tr[aria-selected=true] td,tbody tr:focus-within td{background:var(--selected)}
tr[data-at]{outline:0}
.num{text-align:right;white-space:nowrap}
.fit{white-space:nowrap;width:1%}
td:not(.whole,.long),.brief{overflow-wrap:break-word}.whole{min-width:220px}
.panel .whole{min-width:120px}.columns>:last-child .whole{min-width:100px}
.name{font-weight:550}.below{margin-top:3px}
.sub{color:var(--muted);font-size:12.5px}
.muted{color:var(--muted)}
.error{color:var(--error)}.warning{color:var(--warning)}.success{color:var(--success)}.hint{color:var(--accent)}
.pill{display:inline-flex;gap:6px;align-items:center;padding:1px 9px 1px 7px;border-radius:99px;font-size:12.5px;
font-weight:550;white-space:nowrap;background:var(--neutral-tint)}
.pill.error{background:var(--error-tint)}.pill.warning{background:var(--warning-tint)}
.pill.success{background:var(--success-tint)}
.digest{display:inline-flex;gap:6px;align-items:center;white-space:nowrap}
.copy{all:unset;cursor:pointer;color:var(--muted);border-radius:4px;width:18px;height:18px;position:relative;flex:none}
.copy::before,.copy::after{content:"";position:absolute;width:7px;height:9px;border:1.4px solid currentColor;
border-radius:2px;left:3px;top:3px}
.copy::after{left:6px;top:6px;background:var(--surface)}
.copy.done::before{content:"\\2713";border:0}
.copy.done::after{display:none}
.copy:hover{color:var(--ink)}
.copy:focus-visible{outline:2px solid var(--accent)}
kbd{font:11px/1 ui-monospace,Menlo,Consolas,monospace;border:1px solid var(--line);border-bottom-width:2px;
border-radius:4px;padding:2px 5px;background:var(--surface);color:var(--muted)}
.keys{display:grid;grid-template-columns:fit-content(50%) minmax(0,1fr);gap:5px 18px}
.keys dt{color:var(--muted)}
.keys>*{min-width:0}
.counts{grid-template-columns:fit-content(70%) max-content}.counts dd{text-align:right}

.thread{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));background:var(--surface);
border:1px solid var(--line);border-radius:10px;padding:18px 10px 14px;margin-bottom:18px}
.thread li{position:relative;text-align:center;padding:0 6px;color:var(--muted)}
.thread li::before{content:"";position:absolute;top:13px;left:-50%;width:100%;border-top:2px dashed var(--line)}
.thread li:first-child::before{display:none}
.thread li.known+.known::before{border-top:3px solid var(--accent);top:12.5px}
.thread .knot{position:relative;z-index:1;display:grid;place-items:center;width:28px;height:28px;margin:0 auto 7px;
border-radius:99px;border:2px dashed var(--line);background:var(--surface);font-size:13px;line-height:1}
.thread .known .knot{border:2px solid var(--accent);background:var(--accent);color:var(--surface);font-weight:700}
.thread b{display:block;font-weight:600;font-size:13px}
.thread .known b{color:var(--ink)}
.thread span{font-size:12.5px}
.thread a{color:inherit}

.card{border:1px solid var(--line);border-left-width:3px;border-radius:8px;padding:10px 14px;margin-bottom:8px;
background:var(--surface)}
.card.error{border-left-color:var(--error)}.card.warning{border-left-color:var(--warning)}
.card.success{border-left-color:var(--success)}.card.hint{border-left-color:var(--accent)}
.card p{color:var(--ink)}
.card .meta{display:flex;flex-wrap:wrap;gap:2px 12px;color:var(--muted);font-size:12.5px;margin-top:3px}
.card .next:not(:first-child){margin-top:6px;padding-top:6px;border-top:1px dashed var(--line)}
.card .next::before{content:"\\2192\\00a0";color:var(--accent);font-weight:600}
.empty{padding:44px 24px;text-align:center;color:var(--muted)}
.empty b{display:block;color:var(--ink);font-size:16px;font-weight:600;margin-bottom:4px}
.empty code{display:inline-block;margin-top:10px;padding:6px 12px;background:var(--raised);border-radius:6px;
color:var(--ink)}
.note{padding:10px 14px;border-radius:8px;background:var(--warning-tint);color:var(--warning);margin-bottom:14px}
.note.error{background:var(--error-tint);color:var(--error)}
.note.success{background:var(--success-tint);color:var(--success)}
.pages{display:flex;gap:8px;align-items:center;margin-top:12px;color:var(--muted);font-size:13px}
.pages .tool{padding:3px 10px}
.share{display:block;width:100%;height:8px;border-radius:4px;background:var(--raised);margin:6px 0 12px}
.share .error{fill:var(--error)}.share .warning{fill:var(--warning)}.share .success{fill:var(--success)}
.share .muted{fill:var(--muted)}
.share.days{height:72px;background:none;border-bottom:1px solid var(--line);border-radius:0}
.narrow{max-width:440px;margin:8vh auto 0}.narrow h2{margin-top:0}
.narrow h2::first-letter{text-transform:uppercase}
.bulk input,.bulk select{padding:4px 8px;border:1px solid var(--line);border-radius:6px;background:var(--surface)}
.bulk{position:sticky;bottom:12px;display:flex;flex-wrap:wrap;gap:10px;align-items:center;background:var(--surface);
border:1px solid var(--accent);border-radius:10px;padding:10px 14px;margin-top:12px;box-shadow:0 6px 24px var(--shade)}
dialog{border:1px solid var(--line);border-radius:12px;background:var(--surface);color:var(--ink);padding:0;
width:min(560px,calc(100vw - 32px));box-shadow:0 16px 60px var(--shade)}
dialog::backdrop{background:var(--shade)}
.palette input{width:100%;border:0;border-bottom:1px solid var(--line);padding:14px 16px;background:none;font-size:15px}
.palette input:focus-visible{outline:0}
.palette li{padding:8px 16px;cursor:pointer;overflow-wrap:anywhere}
.palette li[aria-selected=true]{background:var(--selected)}
.palette ul{max-height:50vh;overflow:auto;padding:6px 0}
footer{max-width:1440px;width:100%;margin:0 auto;padding:0 24px 28px;color:var(--muted);font-size:12.5px;display:flex;
gap:16px;flex-wrap:wrap}
footer a{color:inherit}
.list-tools{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:baseline;margin:0 0 10px;font-size:13px}
.list-tools details[open]{flex:1 0 100%}.list-tools .panel{margin:8px 0}.panel .acts{flex-wrap:wrap}
summary{cursor:pointer;color:var(--muted);width:max-content;max-width:100%}summary:hover{color:var(--ink)}
.fields{margin:0 0 10px;font-size:13px}.fields dl{display:grid;gap:8px 22px;margin:10px 0 14px;
grid-template-columns:repeat(auto-fill,minmax(250px,1fr))}.fields dd .sub{display:block}.fields p{margin-top:8px}
.lead{max-width:72ch;margin-bottom:16px}
.uses{display:grid;gap:8px}.use{display:grid;grid-template-columns:110px minmax(0,1fr);gap:12px;align-items:baseline}
.use dt{color:var(--muted)}.use dd{display:flex;gap:8px;align-items:center;min-width:0}
.use code{flex:1;padding:5px 10px;border-radius:6px;background:var(--raised);white-space:pre-wrap;
overflow-wrap:anywhere}
.search select{padding:7px 11px;border:1px solid var(--line);border-radius:8px;background:var(--surface)}
.marked{display:block;margin-bottom:4px;white-space:pre-wrap}
mark{background:none;color:inherit;font-weight:700;text-decoration:underline wavy currentColor;
text-underline-offset:3px}
.wide-text{width:100%;padding:9px 11px;border:1px solid var(--line);border-radius:8px;background:var(--surface);
resize:vertical}
@media(max-width:900px){.columns{grid-template-columns:minmax(0,1fr)}.wide{display:none!important}
.signed-in{display:flex}
.signed-in .side{flex-direction:row;align-items:center;height:52px;padding:0 12px;border:0;z-index:2;
border-bottom:1px solid var(--line);overflow:visible}
.signed-in .home{padding:0}.tool.open-menu{display:inline-flex;margin-left:auto}
.menu{position:fixed;inset:52px 0 auto;width:100%;max-height:calc(100vh - 52px);overflow:auto;padding:16px 12px;
background:var(--surface);border-bottom:1px solid var(--line);box-shadow:0 6px 24px var(--shade)}
.menu:not(:popover-open){display:none}
.nav{grid-template-columns:1fr 1fr}.nav a{padding:8px 10px}
.own{display:flex;align-items:center;gap:12px;margin:0}.own .acts{margin-left:auto}}
@media(max-width:640px){
main{padding:16px 12px 40px}.title h1{font-size:20px}
.thread{grid-template-columns:1fr;padding:12px 16px}
.thread li{display:grid;grid-template-columns:28px 1fr;gap:0 12px;text-align:left;padding:0 0 14px}
.thread li:last-child{padding-bottom:0}
.thread li::before{display:block!important;left:13px;top:28px;bottom:0;width:0;height:auto;border-top:0!important;
border-left:2px dashed var(--line)}
.thread li.known:has(+.known)::before{border-left:3px solid var(--accent);left:12.5px}
.thread li:last-child::before{display:none!important}
.thread .knot{margin:0;grid-row:1/3}
thead{position:absolute;left:-9999px}
table.list,table.list tbody{display:block}
table.list tr{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:4px 16px;padding:12px;position:relative;
border-bottom:1px solid var(--line)}
table.list tr:last-child{border-bottom:0}
table.list td{overflow-wrap:anywhere;display:grid;
grid-template-columns:minmax(64px,auto) minmax(0,1fr);column-gap:6px;padding:0;
border:0;background:none!important;width:auto;min-width:0;text-align:left;white-space:normal;justify-items:start;align-items:baseline;font-size:13px}
table.list td>*{grid-column:2}
table.list td:not([data-word]){display:block}
table.list td.whole{grid-column:1/-1;order:-1;font-size:14px;margin-bottom:2px}
table.list td:has(.digest,form),table.list td[data-word=on]:has(a){grid-column:1/-1}
table.list td.none{display:none}
table.list td.mark{position:absolute;top:10px;right:12px}
table.list tr:has(.mark) .whole{padding-right:32px}
table.list td[data-word]::before{content:attr(data-word);color:var(--muted);font-size:12.5px;overflow-wrap:normal;
hyphens:auto}
.panel table.list tr{padding:10px 0}table.list .pill{white-space:normal;overflow-wrap:normal}
.tiles{grid-template-columns:1fr 1fr}.use{grid-template-columns:1fr;gap:2px}
.search input{flex-basis:160px}.search output{width:100%;margin:0}
.facets .views{flex-wrap:nowrap;overflow-x:auto;padding-bottom:2px}.facets .views>*{flex:none}
}
@media print{.side,.search,.views,.bulk,.pages,.copy,footer,.skip{display:none!important}
html{font-size:9.5pt;background:#fff}.signed-in{display:block}main{padding:0}.sheet,.panel,.tile{border:0;padding:0}}
@media(forced-colors:active){.thread .known .knot{border-style:double}}
"""


def _variables(colors: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colors.items())


_LIGHT = _variables(LIGHT | _ADDED_LIGHT)
_DARK = _variables(DARK | _ADDED_DARK)

STYLE = (
    f":root{{color-scheme:light;{_LIGHT}}}\n"
    f"@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{_DARK}}}}}\n"
    f":root[data-theme=dark]{{color-scheme:dark;{_DARK}}}\n"
    f"{_RULES}{PARTS}"
)

STYLE_PATH = f"/static/console-{hashlib.sha256(STYLE.encode()).hexdigest()[:12]}.css"
"""Where pages find it; a changed sheet has another address, so it may be kept for ever."""
