/** The style sheet: everything under .samscape, so that the page and a notebook's cell share it. */

export const STYLES = `
.samscape{--page:#fff;--ink:#1c2126;--soft:#5b6570;--line:#dfe4e9;--wash:#f5f7f9;--accent:#0b63a8;--bad:#b3261e;--a:#222;--b:#222;
  color-scheme:light;color:var(--ink);background:var(--page);font:13px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;
  display:flex;flex-direction:column;gap:10px;padding:10px 14px 18px;box-sizing:border-box;min-width:0;container-type:inline-size}
.samscape[data-theme=dark]{--page:#14171b;--ink:#e8ecf0;--soft:#9aa6b2;--line:#2c333b;--wash:#1b2026;--accent:#7cb8ee;--bad:#ff8a80;color-scheme:dark}
.samscape.whole{min-height:100vh}
.samscape *,.samscape *::before{box-sizing:border-box}
.samscape h1,.samscape h2,.samscape p,.samscape fieldset,.samscape figure,.samscape ul,.samscape dl,.samscape dd{margin:0;padding:0;border:0}
.samscape h1{font-size:17px;font-weight:650;letter-spacing:-.01em}
.samscape h2,.samscape legend{font-size:12px;font-weight:600;color:var(--soft);padding:0;margin:0 0 4px}
.samscape .sym{font-family:"STIX Two Text","Libertinus Serif","Latin Modern Roman",Cambria,Georgia,"Times New Roman",serif;font-style:italic;font-size:1.1em;line-height:1}
.samscape sub{font-size:.75em;line-height:0}
.samscape .hidden{display:none!important}
.samscape .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.samscape :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.samscape button,.samscape select,.samscape input,.samscape summary{font:inherit;color:inherit}
.samscape button,.samscape select,.samscape input[type=text]{background:var(--page);border:1px solid var(--line);border-radius:5px;padding:3px 8px;min-height:28px}
.samscape button,.samscape summary{cursor:pointer}
.samscape button:hover,.samscape select:hover,.samscape summary:hover{border-color:var(--soft)}
.samscape button[aria-pressed=true]{background:var(--ink);color:var(--page);border-color:var(--ink)}
.samscape button:disabled,.samscape input:disabled{opacity:.45;cursor:default}
.samscape input[type=text][aria-invalid=true]{border-color:var(--bad);outline-color:var(--bad)}
.samscape select{padding-right:4px;max-width:100%}
.samscape .note{color:var(--soft);font-size:12px}
.samscape .fault{color:var(--bad);font-size:12px}
.samscape .bar{display:flex;flex-wrap:wrap;gap:8px 10px;align-items:center}
.samscape .bar .room{flex:1}
.samscape .bar label{display:inline-flex;gap:6px;align-items:center;color:var(--soft);min-width:0}
.samscape .bar label select{color:var(--ink);min-width:0;max-width:22em;text-overflow:ellipsis}
.samscape .group{display:inline-flex}
.samscape .group>button{border-radius:0;margin-left:-1px}
.samscape .group>button:first-child{border-radius:5px 0 0 5px;margin-left:0}
.samscape .group>button:last-child{border-radius:0 5px 5px 0}
.samscape .menu{position:relative}
.samscape .menu>div{position:absolute;right:0;top:calc(100% + 4px);z-index:20;background:var(--page);border:1px solid var(--line);border-radius:6px;box-shadow:0 6px 20px #0003;padding:4px;display:grid;min-width:11em}
.samscape .menu>div>button{border:0;text-align:left;white-space:nowrap}
.samscape .menu>div>button:hover{background:var(--wash)}
.samscape .formula{display:grid;gap:4px;grid-template-columns:auto minmax(0,1fr);align-items:baseline;max-width:900px}
.samscape .formula>*{min-width:0}
.samscape .formula input{width:100%;font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
.samscape .formula pre{grid-column:2;margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:12px}
.samscape .formula mark{background:none;color:var(--bad);text-decoration:underline wavy;text-underline-offset:3px;font-weight:700}
.samscape .stage{display:grid;gap:14px 18px;grid-template-columns:minmax(0,1fr);grid-template-areas:"view" "controls" "results"}
.samscape .view{grid-area:view;min-width:0;display:grid;gap:8px;align-content:start}
.samscape .controls{grid-area:controls;min-width:0;display:grid;gap:12px;align-content:start}
.samscape .results>*,.samscape .strip{min-width:0}
.samscape .strip figcaption span{white-space:nowrap}
.samscape .results{grid-template-columns:minmax(0,1fr);grid-area:results;min-width:0;display:grid;gap:14px;align-content:start}
.samscape .panels{display:grid;gap:10px;grid-template-columns:minmax(0,1fr)}
.samscape .panel{position:relative;width:100%;aspect-ratio:1;min-height:200px;user-select:none;-webkit-user-select:none}
.samscape .panel canvas{position:absolute;inset:0;width:100%;height:100%}
.samscape .panel .surface{position:absolute;cursor:crosshair;touch-action:pan-y;outline-offset:0}
.samscape .panel .surface.panning{cursor:grabbing}
.samscape .panel .handle{position:absolute;left:-14px;top:-14px;width:28px;height:28px;min-height:0;padding:0;border:0;background:none;border-radius:50%;cursor:grab;touch-action:none}
.samscape .panel .handle:active{cursor:grabbing}
.samscape .panel .handle::before{content:"";position:absolute;inset:9px;border-radius:50%;background:var(--page);border:1.5px solid var(--ink)}
.samscape .panel .handle:hover::before{inset:8px}
.samscape .panel .handle.chosen::before{inset:7px;border-width:3px}
.samscape .panel .handle:focus-visible{outline-offset:-3px;border-radius:50%}
.samscape .panel .tools{position:absolute;display:flex;gap:2px;opacity:.9}
.samscape .panel .tools button{width:26px;min-height:26px;padding:0;line-height:1}
.samscape .badge{display:inline-block;min-width:18px;padding:0 5px;border-radius:3px;color:var(--page);background:var(--a);text-align:center;font-weight:650;font-size:12px;line-height:18px}
.samscape .badge.b{background:var(--b)}
.samscape .player{display:flex;gap:6px;align-items:center}
.samscape .player input[type=range]{flex:1;min-width:0}
.samscape .player output{min-width:7.5em;text-align:right;font-variant-numeric:tabular-nums;color:var(--soft)}
.samscape .player .group>button{min-width:32px;padding:3px 6px}
.samscape .caption{color:var(--soft);max-width:72em}
.samscape .caption .loss{display:block;margin-top:3px;color:var(--ink);overflow-wrap:anywhere}
.samscape .caption sup{font-size:.72em;line-height:0}
.samscape .caption b{color:var(--ink);font-weight:600}
.samscape .keys{color:var(--soft);font-size:12px}
.samscape kbd{font:inherit;font-size:11px;border:1px solid var(--line);border-radius:3px;padding:0 4px}
.samscape fieldset{min-width:0;display:grid;gap:5px}
.samscape .rule{border-left:3px solid var(--a);padding-left:10px}
.samscape .rule.b{border-left-color:var(--b)}
.samscape .rule .head{display:flex;gap:8px;align-items:center}
.samscape .rule .head select{flex:1;min-width:0}
.samscape .number{display:grid;grid-template-columns:5.5em minmax(0,1fr) 5.3em;gap:8px;align-items:center}
.samscape .number>label{white-space:nowrap}
.samscape .number .track{position:relative;padding-bottom:3px}
.samscape .number .track.banded{padding-bottom:17px}
.samscape input[type=range]{width:100%;margin:0;accent-color:var(--ink);height:22px}
.samscape .rule input[type=range]{accent-color:var(--a)}
.samscape .rule.b input[type=range]{accent-color:var(--b)}
.samscape .number input[type=text]{width:100%;text-align:right;font-variant-numeric:tabular-nums}
.samscape .number .fault{grid-column:1/-1}
.samscape .bands{position:absolute;left:8px;right:8px;bottom:0;height:17px;pointer-events:none}
.samscape .bands i{position:absolute;top:0;height:4px;border-radius:2px}
.samscape .bands b{position:absolute;top:-3px;width:2px;height:10px;margin-left:-1px}
.samscape .bands span{position:absolute;top:5px;font-size:10.5px;line-height:12px;white-space:nowrap}
.samscape .checks{display:grid;grid-template-columns:repeat(auto-fill,minmax(122px,1fr));gap:1px 10px}
.samscape .checks label{display:flex;gap:6px;align-items:center;min-height:24px;cursor:pointer}
.samscape .checks input{margin:0;accent-color:var(--accent)}
.samscape .swatch{width:16px;height:0;border-top:2px solid;flex:none}
.samscape .row{display:flex;flex-wrap:wrap;gap:6px;align-items:center}
.samscape .verdicts{display:grid;gap:4px;font-size:14px}
.samscape .verdicts strong{font-weight:650}
.samscape .scroll{overflow-x:auto;max-width:100%}
.samscape table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}
.samscape th{font-weight:500;color:var(--soft);text-align:right;padding:2px 6px;white-space:nowrap;vertical-align:bottom}
.samscape td{text-align:right;padding:3px 6px;border-top:1px solid var(--line);white-space:nowrap;vertical-align:top}
.samscape tr.more td{border-top-color:transparent}
.samscape th:first-child,.samscape tr:not(.more) td:first-child{text-align:left;padding-left:0}
.samscape td .stack{display:grid}
.samscape td.verdict{text-align:left;font-weight:600}
.samscape td.verdict.no{font-weight:400;color:var(--soft)}
.samscape .dot{display:inline-block;width:9px;height:9px;border-radius:50%;border:1.5px solid;margin-right:5px;vertical-align:-1px}
.samscape .strips{display:grid;gap:8px 14px;grid-template-columns:repeat(auto-fit,minmax(160px,1fr))}
.samscape .strip figcaption{color:var(--soft);font-size:12px;display:flex;justify-content:space-between;gap:6px}
.samscape .strip output{color:var(--ink);font-variant-numeric:tabular-nums}
.samscape .strip canvas{width:100%;height:92px;display:block}
.samscape .legend{display:flex;flex-wrap:wrap;gap:3px 14px;list-style:none}
.samscape .legend li{display:flex;gap:6px;align-items:center}
.samscape .legend .chip{width:16px;height:12px;border-radius:2px;border:1px solid #0002;flex:none}
.samscape .legend output{color:var(--soft);font-variant-numeric:tabular-nums}
.samscape dialog{border:1px solid var(--line);border-radius:8px;background:var(--page);color:var(--ink);max-width:min(900px,94vw);padding:14px;gap:10px}
.samscape dialog[open]{display:grid}
.samscape dialog::backdrop{background:#0006}
.samscape dialog textarea{width:min(860px,86vw);height:min(420px,60vh);font:12px/1.45 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;background:var(--wash);color:inherit;border:1px solid var(--line);border-radius:5px;padding:8px;white-space:pre;resize:vertical}
.samscape .toast{position:fixed;left:50%;bottom:18px;transform:translateX(-50%);z-index:30;background:var(--ink);color:var(--page);padding:7px 14px;border-radius:6px;max-width:92vw;transition:opacity .25s}
.samscape .toast:empty{opacity:0}
@container (min-width:700px){
  .samscape .stage{grid-template-columns:minmax(0,1fr) 270px;grid-template-areas:"view controls" "results results"}
  .samscape .results{grid-template-columns:minmax(0,1fr)}
  .samscape .stage.side{grid-template-columns:minmax(0,1fr);grid-template-areas:"view" "controls" "results"}
  .samscape .stage.side .panels{grid-template-columns:1fr 1fr}
  .samscape .stage.side .controls{grid-template-columns:1fr 1fr}
}
@container (min-width:1180px){
  .samscape .stage{grid-template-columns:minmax(0,clamp(460px,min(100vh - 190px,47cqw),1100px)) 280px minmax(0,1fr);grid-template-areas:"view controls results"}
  .samscape .strips{grid-template-columns:repeat(2,minmax(0,1fr))}
  .samscape .strip canvas{height:clamp(92px,calc((100vh - 580px)/2),190px)}
  .samscape .stage.side .strips{grid-template-columns:repeat(auto-fit,minmax(160px,1fr))}
  .samscape .stage.side .strip canvas{height:110px}
  .samscape .stage.side{grid-template-columns:minmax(0,1fr) 300px;grid-template-areas:"view controls" "results results"}
  .samscape .stage.side .controls{grid-template-columns:1fr}
  .samscape .stage.side .results{grid-template-columns:minmax(0,max-content) minmax(300px,1fr)}
  .samscape .stage.side .results>:first-child{grid-row:1/span 2}
}
@container (max-width:1100px){
  .samscape .bar label select{max-width:18em}
}
@container (min-width:1200px){
  .samscape .bar label.long select{max-width:31em}
}
@container (max-width:900px){
  .samscape .bar label select{max-width:15em}
  .samscape .bar label.long>span{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
}
@container (max-width:699px){
  .samscape .bar{gap:6px}
  .samscape .bar button{padding:3px 7px}
  .samscape .bar label.long{order:1;flex:1 1 40%}
  .samscape .bar label.long select{width:100%;max-width:none}
  .samscape .player .end,.samscape .player output span{display:none}
  .samscape .player output{min-width:0}
  .samscape .stage{display:flex;flex-direction:column;gap:10px}
  .samscape .view{display:contents}
  .samscape .controls{order:1}
  .samscape .caption,.samscape .note,.samscape .keys{order:2}
  .samscape .results{order:3}
  .samscape .panel{aspect-ratio:auto;height:min(100cqw,52vh)}
  .samscape .strips{grid-template-columns:repeat(2,minmax(0,1fr))}
  .samscape td,.samscape th{padding:3px 4px}
}
@media (min-height:520px){@container (max-width:699px){.samscape .panels.one{position:sticky;top:0;z-index:5;background:var(--page)}}}
@media (forced-colors:active){.samscape .panel .handle::before{background:Canvas;border-color:CanvasText}}
@media (prefers-reduced-motion:reduce){.samscape .toast{transition:none}}
`;
