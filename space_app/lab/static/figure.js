// Draws a figure's JSON into a component of the page, in place, in the page's colours.

const spaceHubScript = new URL(document.currentScript.src);
// Requests Plotly, which is large, and the first view before Gradio starts. If the address has values for
// the controls, figures wait until the page has set them.
spaceHubPlotly();
const spaceHubAddressed = /[?&][a-z-]+\.[a-z_0-9]+=/.test(location.search);
const spaceHubShared = spaceHubAddressed
  ? new Promise((resolve) => { window.spaceHubReady = resolve; })
  : Promise.resolve();
const spaceHubView = spaceHubAddressed ? Promise.resolve(null) : spaceHubRequest();

async function spaceHubRequest() {
  const experiment = location.pathname.split('/').filter(Boolean).pop();
  const answer = await fetch(new URL(`../first/${experiment}`, spaceHubScript)).catch(() => null);
  return answer?.status === 200 ? answer.json() : null;
}

function spaceHubFigure(element, props, watch, bench, ask) {
  const place = element.querySelector('.lab-plot');
  const save = element.querySelector('.lab-save');
  const player = spaceHubPlayer(element.querySelector('.lab-player'), place);
  let drawing = Promise.resolve();
  let shown;

  // What a visitor predicts is kept in the browser and shown next to the answer.
  const prediction = element.querySelector('.lab-prediction');
  if (prediction) {
    import(new URL('../../course/static/predict.js', spaceHubScript)).then(({predict}) =>
      predict(prediction, 'lab', bench, 'What do you predict? Write it down before you move a slider.'), () => {});
  }

  function colours(layout) {
    const ink = getComputedStyle(element).getPropertyValue('--body-text-color').trim();
    const surface = getComputedStyle(element).getPropertyValue('--block-background-fill').trim();
    layout.font = {...layout.font, color: ink};
    layout.hoverlabel = {...layout.hoverlabel, bgcolor: surface, font: {color: ink}};
  }

  async function draw() {
    const Plotly = await spaceHubPlotly();
    if (!props.value) {
      save.hidden = true;
      player.use(null);
      Plotly.purge(place);
      place.style.height = '';
      return;
    }
    const figure = JSON.parse(props.value);
    colours(figure.layout);
    const {heightOfWidth, more, file} = figure.layout.meta ?? {};
    // An image's height follows from its width, but is not much more than a screen's.
    if (heightOfWidth) figure.layout.height = Math.round(Math.min(heightOfWidth * place.offsetWidth, 620) + more);
    place.style.height = `${figure.layout.height}px`;
    // If dragging moves the figure, the wheel zooms it.
    figure.config = {responsive: true, displayModeBar: false, scrollZoom: figure.layout.dragmode === 'pan'};
    await Plotly.react(place, figure);
    player.use(figure.layout.meta?.player, Plotly);
    shown = figure;
    save.hidden = !file;
    place.dataset.drawn = Number(place.dataset.drawn ?? 0) + 1;
  }

  // Saves the figure with its overlays, on the page's background.
  save.onclick = async () => {
    const Plotly = await spaceHubPlotly();
    const surface = getComputedStyle(element).getPropertyValue('--body-background-fill').trim();
    const layout = {...shown.layout, paper_bgcolor: surface};
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
    if (props.value) return follow();
    spaceHubShared.then(() => spaceHubView).then((view) => view?.bench === bench ? ask.first() : ask.focus());
  }, {rootMargin: '200px'});
  sight.observe(element);
}

// Plays the changes of one trace of a figure: a button, and a slider whose text names the frame.
function spaceHubPlayer(element, place) {
  const [button, slider, text] = element.children;
  let given, Plotly, playing = false;

  function label() {
    button.textContent = playing ? '❚❚' : '▶';
    button.setAttribute('aria-label', playing ? 'Pause' : 'Play');
    text.textContent = given.names[slider.value];
    slider.setAttribute('aria-valuetext', text.textContent);
  }

  function show(frame) {
    slider.value = frame;
    label();
    const timing = {mode: 'immediate', transition: {duration: 0}, frame: {duration: 0, redraw: given.redraw}};
    return Plotly.animate(place, {data: [given.changes[frame]], traces: [given.trace]}, timing);
  }

  async function play() {
    const mine = given, last = mine.names.length - 1;
    let frame = Number(slider.value) === last ? -1 : Number(slider.value);
    while (playing && given === mine && frame < last) {
      await Promise.all([show(++frame), new Promise((done) => setTimeout(done, mine.milliseconds))]);
    }
    if (given === mine) playing = false;
    if (given) label();
  }

  button.onclick = () => {
    playing = !playing;
    label();
    if (playing) play();
  };
  slider.oninput = () => {
    playing = false;
    show(Number(slider.value));
  };

  return {
    use(player, plotly) {
      [given, Plotly, playing] = [player, plotly, false];
      element.hidden = !player;
      if (!player) return;
      slider.max = player.names.length - 1;
      slider.value = player.start;
      label();
    },
  };
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

// Returns the first view, which is that of the controls' first values.
async function spaceHubFirst(bench, names, values) {
  spaceHubShare(bench, names, values);
  return (await spaceHubView).values;
}

// Writes values that differ from the defaults into the address, so that visitors can share it.
const spaceHubDefaults = new Map();
function spaceHubShare(bench, names, values) {
  const address = new URL(location);
  names.forEach((name, place) => {
    if (!name) return;
    const key = `${bench}.${name}`;
    const value = String(values[place]);
    if (!spaceHubDefaults.has(key) && !address.searchParams.has(key)) spaceHubDefaults.set(key, value);
    if (spaceHubDefaults.get(key) === value) address.searchParams.delete(key);
    else address.searchParams.set(key, value);
  });
  if (address.href !== location.href) history.replaceState(history.state, '', address);
  return values;
}
