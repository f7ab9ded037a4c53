// Draws a figure's JSON into a component of the page, in place, in the page's colours.

// Requests Plotly, which is large, before the first figure arrives.
const spaceHubScript = new URL(document.currentScript.src);
spaceHubPlotly();

function spaceHubFigure(element, props, watch, ask) {
  const place = element.querySelector('.lab-plot');
  const save = element.querySelector('.lab-save');
  let drawing = Promise.resolve();
  let shown;

  // What a visitor predicts is kept in the browser and shown next to the answer.
  const prediction = element.querySelector('.lab-prediction'), bench = element.closest('.bench')?.id.replace('bench-', '');
  if (prediction && bench) {
    import(new URL('../../course/static/predict.js', spaceHubScript)).then(({predict}) =>
      predict(prediction, 'lab', bench, 'What do you predict? Write it down before you move a slider.'), () => {});
  }

  function colours(layout) {
    const ink = getComputedStyle(element).getPropertyValue('--body-text-color').trim();
    const surface = getComputedStyle(element).getPropertyValue('--block-background-fill').trim();
    layout.font = {...layout.font, color: ink};
    layout.hoverlabel = {...layout.hoverlabel, bgcolor: surface, font: {color: ink}};
    for (const menu of layout.updatemenus ?? []) menu.font = {...menu.font, color: ink};
    for (const slider of layout.sliders ?? []) slider.currentvalue.font.color = ink;
  }

  async function draw() {
    const Plotly = await spaceHubPlotly();
    if (!props.value) {
      save.hidden = true;
      Plotly.purge(place);
      place.style.height = '';
      return;
    }
    const figure = JSON.parse(props.value);
    colours(figure.layout);
    const {heightOfWidth, more, file} = figure.layout.meta ?? {};
    // A picture's height follows from its width, but is not much more than a screen's.
    if (heightOfWidth) figure.layout.height = Math.round(Math.min(heightOfWidth * place.offsetWidth, 620) + more);
    place.style.height = `${figure.layout.height}px`;
    // If dragging moves the figure, the wheel zooms it.
    figure.config = {responsive: true, displayModeBar: false, scrollZoom: figure.layout.dragmode === 'pan'};
    await Plotly.react(place, figure);
    if (figure.layout.sliders) spaceHubKeys(place, Plotly);
    shown = figure;
    save.hidden = !file;
    place.dataset.drawn = Number(place.dataset.drawn ?? 0) + 1;
  }

  // Saves the figure with its overlays, on the page's background and without the player.
  save.onclick = async () => {
    const Plotly = await spaceHubPlotly();
    const surface = getComputedStyle(element).getPropertyValue('--body-background-fill').trim();
    const layout = {...shown.layout, paper_bgcolor: surface, updatemenus: [], sliders: []};
    await Plotly.downloadImage({data: shown.data, layout}, {
      format: 'png', filename: layout.meta.file, width: place.offsetWidth, height: place.offsetHeight, scale: 2,
    });
  };

  // Draws one figure after the other: a second drawing on a half-drawn figure would leave both.
  const follow = () => { drawing = drawing.then(draw, draw); };
  watch('value', follow);
  new ResizeObserver(() => place._fullLayout && place.offsetWidth && window.spaceHubPlotlyLoaded?.Plots.resize(place))
    .observe(element);
  // Gradio builds tabs that nobody has opened yet, so a figure is requested when it becomes visible.
  const sight = new IntersectionObserver((entries) => {
    if (!entries.at(-1).isIntersecting) return;
    sight.disconnect();
    if (props.value) follow(); else window.spaceHubShared.then(ask);
  }, {rootMargin: '200px'});
  sight.observe(element);
}

// Plotly's player reacts only to a pointer; this makes its buttons and its slider react to keys too.
function spaceHubKeys(place, Plotly) {
  const mark = (part, attributes) => Object.entries(attributes).forEach(([name, value]) => part.setAttribute(name, value));
  const buttons = place.querySelectorAll('.updatemenu-button'), slider = place.querySelector('.slider-group');
  const state = () => place.layout.sliders[0], active = () => state().active ?? 0;
  const follow = () => mark(slider, {'aria-valuenow': active(), 'aria-valuetext': state().steps[active()].label});
  const enter = (event) => {
    if (![' ', 'Enter'].includes(event.key)) return;
    event.preventDefault();
    event.currentTarget.dispatchEvent(new MouseEvent('click', {bubbles: true}));
  };
  buttons.forEach((button, number) => {
    mark(button, {tabindex: 0, role: 'button', 'aria-label': ['Play', 'Pause'][number]});
    button.onkeydown = enter;
  });
  mark(slider, {tabindex: 0, role: 'slider', 'aria-label': 'Moment', 'aria-valuemin': 0, 'aria-valuemax': state().steps.length - 1});
  follow();
  slider.onkeydown = async (event) => {
    const by = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1}[event.key];
    const step = by && state().steps[active() + by];
    if (!by) return;
    event.preventDefault();
    if (step) await Plotly.animate(place, ...step.args);
  };
  place.removeAllListeners?.('plotly_sliderchange');
  place.on('plotly_sliderchange', follow);
}

// Loads plotly.js once. Gradio's own copy, of another version, may take its global name later.
function spaceHubPlotly() {
  window.spaceHubPlotlyAsked ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = new URL(`plotly.js?v=${spaceHubScript.searchParams.get('plotly')}`, spaceHubScript);
    script.onload = () => resolve(window.spaceHubPlotlyLoaded = window.Plotly);
    script.onerror = () => reject(Error('plotly.js could not be loaded'));
    document.head.appendChild(script);
  });
  return window.spaceHubPlotlyAsked;
}

// The address may contain values for the controls, so figures wait until the page has set them.
window.spaceHubShared ??= /[?&][a-z-]+\.[a-z_0-9]+=/.test(location.search)
  ? new Promise((resolve) => { window.spaceHubReady = resolve; setTimeout(resolve, 5000); })
  : Promise.resolve();

// Writes values that differ from the defaults into the address, so that visitors can share it.
const spaceHubFirst = new Map();
function spaceHubShare(bench, names, values) {
  const address = new URL(location);
  names.forEach((name, place) => {
    if (!name) return;
    const key = `${bench}.${name}`;
    const value = String(values[place]);
    if (!spaceHubFirst.has(key) && !address.searchParams.has(key)) spaceHubFirst.set(key, value);
    if (spaceHubFirst.get(key) === value) address.searchParams.delete(key);
    else address.searchParams.set(key, value);
  });
  if (address.href !== location.href) history.replaceState(history.state, '', address);
  return values;
}
