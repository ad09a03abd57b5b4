/// The style of all pages of a door.
enum PageStyle {
    static let text = """
        :root { color-scheme: light dark; --text: #1f2328; --back: #fff; --quiet: #59636e; --edge: #d1d9e0; --box: #f6f8fa; \
        --go: #0969da; --bad: #b42318 }
        @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --back: #0d1117; --quiet: #9198a1; --edge: #3d444d; \
        --box: #151b23; --go: #4493f8; --bad: #ff7b72 } }
        * { box-sizing: border-box }
        body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
        main { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem; overflow-wrap: anywhere }
        h1 { margin: 0 0 1rem; font-size: 1.4rem; line-height: 1.3 }
        p { margin: .6rem 0 }
        a { color: var(--go) }
        small, .quiet { color: var(--quiet) }
        .bad { color: var(--bad) }
        pre { margin: .6rem 0; padding: .75rem; max-height: 60vh; overflow: auto; background: var(--box); \
        border: 1px solid var(--edge); border-radius: 6px; font: .8rem/1.45 ui-monospace, monospace; white-space: pre-wrap }
        form { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 }
        label { flex-basis: 100% }
        input, button { font: inherit; padding: .4rem .7rem; border: 1px solid var(--edge); border-radius: 6px }
        input { flex: 1 1 12rem; min-width: 0; background: var(--back); color: inherit }
        button { background: var(--box); color: inherit; cursor: pointer }
        """
}
