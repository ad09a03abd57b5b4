/// The script of the home page. It asks for the changing part at the address in the body's `data-tiles` while the page is
/// seen, and replaces what has changed: the keyboard's focus, opened lines and a marked text elsewhere stay. A button is
/// posted without leaving the page.
enum HomeScript {
    static let text = """
        (() => {
        const pause = 2000, patience = 3, place = document.body.dataset.tiles;
        const said = document.getElementById('said'), lost = document.getElementById('lost');
        const shown = new Map();
        let timer = 0, failures = 0, asked = 0;
        const localise = part => {
          for (const time of part.querySelectorAll('time')) time.textContent = new Date(time.dateTime).toLocaleString();
        };
        const words = tile => {
          const state = tile.querySelector('.state');
          return state ? state.dataset.app + ': ' + state.textContent : '';
        };
        // Puts a new tile in the place of an old one, with what the reader has done to it.
        const exchange = (old, tile) => {
          const details = tile.querySelector('details'), before = old.querySelector('details');
          if (details && before) details.open = before.open;
          const inside = old.contains(document.activeElement), name = inside && document.activeElement.dataset.do;
          const lines = document.activeElement.localName;
          old.replaceWith(tile);
          if (!inside) return;
          const same = name ? tile.querySelector('[data-do=' + name + ']') : tile.querySelector(lines);
          (same || tile.querySelector('h2')).focus({ preventScroll: true });
        };
        const show = page => {
          const job = page.getElementById('job'), list = page.getElementById('apps');
          if (!job || !list) return false;
          const none = document.getElementById('none');
          if (!page.getElementById('none') !== !none) { location.reload(); return true; }
          if (shown.get('job') !== job.innerHTML) {
            shown.set('job', job.innerHTML);
            localise(job);
            document.getElementById('job').replaceWith(job);
          }
          const apps = document.getElementById('apps'), ids = new Set(), news = [];
          let last = null;
          for (const tile of [...list.children]) {
            const text = tile.outerHTML, old = document.getElementById(tile.id);
            let now = old;
            ids.add(tile.id);
            if (!old || shown.get(tile.id) !== text) {
              const isSeen = shown.has(tile.id);
              shown.set(tile.id, text);
              localise(tile);
              if (!old || words(old) !== words(tile)) { if (isSeen) news.push(words(tile)); }
              if (old) exchange(old, tile);
              now = tile;
            }
            const next = last ? last.nextElementSibling : apps.firstElementChild;
            if (now !== next) apps.insertBefore(now, next);
            last = now;
          }
          for (const tile of [...apps.children]) {
            if (!ids.has(tile.id)) { shown.delete(tile.id); tile.remove(); }
          }
          if (news.length) said.textContent = news.join('. ');
          return true;
        };
        const fail = () => {
          failures += 1;
          if (failures < patience) return;
          lost.textContent = 'The job does not answer. This page tries again; what it shows may be old.';
          lost.hidden = false;
        };
        const look = async () => {
          clearTimeout(timer);
          const number = ++asked;
          try {
            const answer = await fetch(place, { cache: 'no-store', credentials: 'same-origin' });
            if (answer.status === 401) return location.reload();
            const text = await answer.text();
            // An answer that is overtaken by a newer one shows an older state.
            if (number !== asked) return;
            if (answer.ok && show(new DOMParser().parseFromString(text, 'text/html'))) {
              failures = 0;
              lost.hidden = true;
            } else fail();
          } catch { fail(); }
          clearTimeout(timer);
          if (!document.hidden) timer = setTimeout(look, pause);
        };
        document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : look());
        document.addEventListener('submit', async event => {
          const form = event.target, button = event.submitter;
          if (!button || !form.closest('#apps')) return;
          event.preventDefault();
          if (form.dataset.sent) return;
          form.dataset.sent = 'yes';
          button.setAttribute('aria-disabled', 'true');
          said.textContent = button.textContent;
          try {
            const body = new URLSearchParams([['app', form.elements.app.value], ['do', button.value]]);
            const answer = await fetch(form.action, { method: 'POST', body, credentials: 'same-origin' });
            if (answer.status === 401) return location.reload();
            if (!answer.ok) throw answer.status;
          } catch {
            lost.textContent = 'That did not work. Try again.';
            lost.hidden = false;
            clearTimeout(timer);
            timer = setTimeout(look, 3 * pause);
            return;
          } finally {
            delete form.dataset.sent;
            button.removeAttribute('aria-disabled');
          }
          look();
        });
        timer = setTimeout(look, pause);
        })();
        """
}
