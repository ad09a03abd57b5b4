/// The script of all pages of a door. What it does depends on the `data-` attributes of the body:
///
/// - `login`: where a key is posted. A key in the fragment leaves the address bar first, then it is posted, with the page's
///   own address as the place to come back to (`next`).
/// - `state`, `mark`, `wait`: the page loads again as soon as the text at `state` is not `mark` any more. It asks every
///   `wait` milliseconds. No answer, or an error of the ingress, means nothing.
enum PageScript {
    static let text = """
        (() => {
        const data = document.body.dataset, hash = location.hash, begin = '#key=';
        for (const time of document.querySelectorAll('time')) time.textContent = new Date(time.dateTime).toLocaleString();
        const form = document.querySelector('form[data-key]');
        if (hash.startsWith(begin)) {
          history.replaceState(history.state, '', location.pathname + location.search);
          let key = hash.slice(begin.length);
          try { key = decodeURIComponent(key); } catch {}
          if (data.login) {
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
            return;
          }
        } else if (form && hash) {
          form.elements.next.value += hash;
        }
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
