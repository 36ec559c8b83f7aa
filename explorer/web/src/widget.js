/**
 * The notebook widget (anywidget). Traits:
 *
 *   state     ViewState or parts of one (see ui/url.js), both ways
 *   begin     a fragment to begin with, from Python
 *   fragment  the state as text, from the page
 *   height    least height of the cell in pixels, optional
 */

import { mount } from './ui/page.js';
import { fragmentOf } from './ui/url.js';

function render({ model, el }) {
  const root = document.createElement('div');
  el.append(root);
  let own = '';
  const tell = (state) => {
    const text = JSON.stringify(state);
    if (text === own) return;
    own = text;
    model.set('state', state);
    model.set('fragment', fragmentOf(state));
    model.save_changes();
  };
  const page = mount(root, {
    state: model.get('state') ?? {},
    fragment: model.get('begin') ?? '',
    address: false,
    onState: tell,
  });
  tell(page.state()); // so that Python knows the view before anything is touched
  const arrive = () => {
    const state = model.get('state') ?? {};
    if (JSON.stringify(state) !== own) page.setState(state);
  };
  model.on('change:state', arrive);
  return () => {
    model.off('change:state', arrive);
    page.destroy();
  };
}

export default { render };
