/// The script of all pages of a door. What it does depends on the `data-` attributes of the body:
///
/// - `login`: where a key is posted. A key in the fragment leaves the address bar first, then it is posted with `next`, the
///   place to come back to.
/// - `state`, `mark`, `wait`: the page loads again as soon as the text at `state` is not `mark` any more. It asks every
///   `wait` milliseconds. No answer, or an error of the ingress, means nothing.
enum PageScript {
    static let text = """
        (() => {
        const data = document.body.dataset, begin = '#key=';
        for (const time of document.querySelectorAll('time')) time.textContent = new Date(time.dateTime).toLocaleString();
        const form = document.querySelector('form[data-key]');
        const takeKey = () => {
          const hash = location.hash;
          if (!hash.startsWith(begin)) return false;
          history.replaceState(history.state, '', location.pathname + location.search);
          if (!data.login) return false;
          let key = hash.slice(begin.length);
          try { key = decodeURIComponent(key); } catch {}
          const post = document.createElement('form');
          post.method = 'post';
          post.action = data.login;
          for (const [name, value] of [['key', key], ['next', data.next]]) {
            const input = document.createElement('input');
            input.type = 'hidden';
            input.name = name;
            input.value = value;
            post.append(input);
          }
          document.body.append(post);
          post.submit();
          return true;
        };
        // Who pastes the link where this page is open already only changes the fragment.
        addEventListener('hashchange', takeKey);
        if (takeKey()) return;
        if (form) form.addEventListener('submit', () => { form.elements.next.value = data.next + location.hash; });
        if (!data.mark) return;
        const look = async () => {
          try {
            const answer = await fetch(data.state, { cache: 'no-store', credentials: 'same-origin' });
            if (answer.ok && (await answer.text()).trim() !== data.mark) return location.reload();
          } catch {}
          setTimeout(look, Number(data.wait));
        };
        setTimeout(look, Number(data.wait));
        })();
        """
}
