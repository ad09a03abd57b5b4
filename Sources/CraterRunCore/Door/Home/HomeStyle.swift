/// The style of the home page, beside that of all pages.
enum HomeStyle {
    static let text = """
        :root { --ready: #1a7f37; --busy: #9a6700; --off: #818b98; --main: #0969da; --onmain: #fff }
        @media (prefers-color-scheme: dark) { :root { --ready: #3fb950; --busy: #d29922; --off: #7d8590; --main: #1f6feb } }
        main { max-width: 70rem; padding: 1.5rem 1rem 3rem }
        header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .25rem 1rem; \
        margin-bottom: 1.25rem }
        h1 { margin: 0; font-size: 1.5rem }
        .host { margin-left: .35rem; color: var(--quiet); font-weight: 400; font-size: 1rem }
        h2 { margin: 0; font-size: 1.1rem; line-height: 1.35 }
        h2:focus { outline: none }
        .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); \
        white-space: nowrap }
        #job { margin: 0 0 1.5rem; padding: .9rem 1.1rem; background: var(--box); border-radius: 10px }
        #job:empty { display: none }
        #job h2, #job .state { display: inline-block; margin: 0 .75rem 0 0 }
        .command { margin: .35rem 0 }
        code { font: .85rem/1.5 ui-monospace, monospace }
        #job .quiet, li .quiet { margin: .25rem 0 0; font-size: .85rem }
        #apps { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem; margin: 0; \
        padding: 0; list-style: none }
        li { border: 1px solid var(--edge); border-radius: 10px; background: var(--back) }
        li.off { border-style: dashed }
        article { display: flex; flex-direction: column; height: 100%; min-width: 0; padding: 1rem 1.1rem }
        .about { margin: .15rem 0 0; color: var(--quiet) }
        .state { display: flex; align-items: center; gap: .5rem; margin: .75rem 0 0; font-weight: 600 }
        .state::before { content: ""; flex: none; display: inline-block; width: .65rem; height: .65rem; border-radius: 50%; \
        border: 2px solid var(--off) }
        #job .state { font-weight: 400 }
        #job .state::before { margin-right: .45rem }
        .state.ready::before { border-color: var(--ready); background: var(--ready) }
        .state.busy::before { border-color: var(--busy); border-right-color: transparent; animation: turn 1.2s linear infinite }
        .state.trouble::before { border-color: var(--busy); background: var(--busy); border-radius: 2px }
        .state.failed::before { border-color: var(--bad); background: var(--bad); border-radius: 2px }
        .state.ended::before { border-color: var(--off); background: var(--off) }
        li.off .state { font-weight: 400; color: var(--quiet) }
        @keyframes turn { to { transform: rotate(1turn) } }
        @media (prefers-reduced-motion: reduce) { .state::before { animation: none !important } }
        .why, .cure { margin: .35rem 0 0; font-size: .92rem }
        details { margin: .5rem 0 0; font-size: .92rem }
        summary { width: fit-content; color: var(--go); cursor: pointer }
        li pre { max-height: 14rem; margin: .5rem 0 0 }
        .do { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin-top: auto; padding-top: 1rem }
        .do form { margin: 0 }
        .do a, .do button { padding: .4rem .9rem; border: 1px solid var(--edge); border-radius: 6px; color: inherit; \
        text-decoration: none; line-height: 1.5 }
        .do a:hover, .do button:hover { border-color: var(--quiet) }
        .do .main { border-color: var(--main); background: var(--main); color: var(--onmain); font-weight: 600 }
        .do .main:hover { border-color: var(--main); filter: brightness(.92) }
        .do button[aria-disabled] { opacity: .6; cursor: progress }
        :focus-visible { outline: 2px solid var(--go); outline-offset: 2px }
        """
}
