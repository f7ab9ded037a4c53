// Fly it yourself: sends pressed keys to the server, and draws both landers.

// The world is 20 m wide. The view is a little higher than the world, because landers start at its top.
const WIDTH = 640, HEIGHT = 464, SCALE = 32;
const PAD = 10 / 3, STANDING = 0.6, FLAGS = [8, 12];
const KEYS = {ArrowLeft: 1, ArrowUp: 2, ArrowRight: 3};
const BODY = [[-14, 17], [-17, 0], [-17, -10], [17, -10], [17, 0], [14, 17]];
const SKIRT = [[-17, 0], [-17, -10], [17, -10], [17, 0]];
const NOZZLE = [[-6, -10], [6, -10], [9, -16], [-9, -16]];
const LEG = [[-2, -8], [2, -8], [2, 8], [-2, 8]];
const YOU = {hull: '#dfe3ee', edge: '#8f99b3', skirt: '#f0a73a', window: '#4059cf', alpha: 1};
const RIVAL = {hull: '#7890f3', edge: '#4059cf', skirt: '#4059cf', window: '#dfe6ff', alpha: 0.55};

export function board(element) {
  const cockpit = element.querySelector('.cockpit');
  const canvas = cockpit.querySelector('canvas');
  const messageLine = cockpit.querySelector('.message'), score = cockpit.querySelector('.score');
  const context = canvas.getContext('2d');
  const held = [];
  let socket = null, wish = null, scene = null, step = null, ended = {}, pressed = 0;

  function take(wanted) {
    socket?.close();
    wish = wanted;
    held.length = 0;
    [scene, step, ended, pressed] = [null, null, {}, 0];
    score.replaceChildren();
    messageLine.textContent = 'Getting ready …';
    cockpit.hidden = false;
    const address = new URL('lander/fly', document.baseURI);
    address.protocol = address.protocol.replace('http', 'ws');
    const mine = socket = new WebSocket(address);
    mine.onopen = () => mine.send(JSON.stringify(wish));
    mine.onmessage = event => mine === socket && hear(JSON.parse(event.data));
    mine.onclose = () => {
      if (mine === socket && !ended.you && !cockpit.dataset.problem) messageLine.textContent = 'The connection was closed.';
    };
    delete cockpit.dataset.problem;
    canvas.focus({preventScroll: true});
    cockpit.scrollIntoView({block: 'nearest'});
  }

  function hear(message) {
    if (message.problem) {
      cockpit.dataset.problem = 'shown';
      messageLine.textContent = message.problem;
    }
    if (message.terrain) {
      scene = message;
      messageLine.textContent = `Press an arrow key, or a button below, to begin. The blue lander is ${message.rival}.`;
    }
    if (message.step) {
      step = message.step;
      requestAnimationFrame(draw);
    }
    if (message.ended) {
      ended[message.ended.who] = message.ended;
      if (ended.you) messageLine.textContent = 'Press Enter to fly again.';
      show();
    }
  }

  function show() {
    const rows = ['you', 'rival'].filter(who => ended[who]).map(who => {
      const row = document.createElement('p'), name = document.createElement('b'), {points, fuel} = ended[who];
      name.textContent = ended[who].name;
      row.append(name, ` ${ended[who].sentence} ${points.toFixed(1)} points, fuel ${fuel.toFixed(1)}.`);
      row.dataset.who = who;
      return row;
    });
    if (rows.length === 2) {
      const verdict = document.createElement('p'), won = ended.you.points > ended.rival.points;
      verdict.className = 'verdict-line';
      verdict.textContent = won ? 'You beat the agent.' : 'The agent has more points. Take the controls again?';
      rows.unshift(verdict);
    }
    score.replaceChildren(...rows);
  }

  function press() {
    const now = held.at(-1) ?? 0;
    if (now === pressed || !scene || ended.you || socket.readyState !== WebSocket.OPEN) return;
    pressed = now;
    messageLine.textContent = '';
    socket.send(String(now));
  }

  function hold(action) {
    if (!held.includes(action)) held.push(action);
    press();
  }

  function release(action) {
    if (held.includes(action)) held.splice(held.indexOf(action), 1);
    press();
  }

  canvas.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      messageLine.textContent = 'You gave up. Press Enter to fly again.';
      ended.you ??= {};
      socket?.close();
    }
    if (event.key === 'Enter' && ended.you) take(wish);
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    if (!event.repeat) hold(KEYS[event.key]);
  });
  canvas.addEventListener('keyup', event => event.key in KEYS && release(KEYS[event.key]));
  canvas.addEventListener('blur', () => { held.length = 0; press(); });
  for (const button of cockpit.querySelectorAll('[data-action]')) {
    const action = Number(button.dataset.action);
    button.addEventListener('pointerdown', event => {
      event.preventDefault();
      button.setPointerCapture(event.pointerId);
      hold(action);
    });
    for (const end of ['pointerup', 'pointercancel', 'blur']) button.addEventListener(end, () => release(action));
    button.addEventListener('keydown', event => [' ', 'Enter'].includes(event.key) && !event.repeat && hold(action));
    button.addEventListener('keyup', event => [' ', 'Enter'].includes(event.key) && release(action));
    button.addEventListener('contextmenu', event => event.preventDefault());
  }
  window.addEventListener('lander-take', event => take(event.detail));

  const at = (x, y) => [x * SCALE, HEIGHT - y * SCALE];

  function path(points) {
    context.beginPath();
    points.forEach(([x, y], place) => place ? context.lineTo(x, y) : context.moveTo(x, y));
    context.closePath();
  }

  function fill(points, colour) {
    path(points);
    context.fillStyle = colour;
    context.fill();
  }

  function draw() {
    if (!scene) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2) * canvas.clientWidth / WIDTH;
    if (canvas.width !== Math.round(WIDTH * ratio)) {
      canvas.width = Math.round(WIDTH * ratio);
      canvas.height = Math.round(HEIGHT * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    background();
    lander(step.rival, step.rival_fires, RIVAL);
    lander(step.you, step.fires, YOU);
    instruments();
  }

  function background() {
    const sky = context.createLinearGradient(0, 0, 0, HEIGHT);
    sky.addColorStop(0, '#0b101d');
    sky.addColorStop(1, '#222c52');
    context.fillStyle = sky;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.fillStyle = '#8f99b3';
    // Ninety fixed stars.
    for (let star = 1; star <= 90; star++) context.fillRect(star * 377.3 % WIDTH, star * star * 53.7 % HEIGHT, 1.2, 1.2);
    const ground = scene.terrain.map(([x, y]) => at(x, y));
    fill([...ground, [WIDTH, HEIGHT], [0, HEIGHT]], '#3a3f52');
    fill([...ground, ...ground.map(([x, y]) => [x, y + 13]).reverse()], '#7e8496');
    for (const flag of FLAGS) {
      const [x, y] = at(flag, PAD);
      fill([[x - 0.7, y], [x + 0.7, y], [x + 0.7, y - 52], [x - 0.7, y - 52]], '#eef0f7');
      fill([[x, y - 52], [x, y - 40], [x + 23, y - 46]], '#f0a73a');
    }
  }

  function lander(pose, fires, look) {
    const [x, y, angle] = pose, [left, top] = at(x, y);
    context.globalAlpha = look.alpha;
    if (top < -10) fill([[left, 40], [left - 7, 52], [left + 7, 52]], look.skirt);
    placed(x, y, angle, () => flames(fires));
    for (const leg of [pose.slice(3, 6), pose.slice(6, 9)]) {
      placed(...leg, () => fill(LEG, look.edge));
      placed(...leg, () => fill([[-6, -9], [6, -9], [6, -7], [-6, -7]], look.edge));
    }
    placed(x, y, angle, () => {
      fill(NOZZLE, look.edge);
      fill(BODY, look.hull);
      fill(SKIRT, look.skirt);
      context.beginPath();
      context.arc(0, 8, 4.8, 0, 7);
      context.fillStyle = look.window;
      context.fill();
    });
    context.globalAlpha = 1;
  }

  // Shapes are in thirtieths of a metre, upwards, as in Gymnasium's source.
  function placed(x, y, angle, paint) {
    context.save();
    context.translate(...at(x, y));
    context.rotate(-angle);
    context.scale(SCALE / 30, -SCALE / 30);
    paint();
    context.restore();
  }

  function flames(fires) {
    if (fires === 2) {
      fill([[-8, -15], [8, -15], [0, -47]], '#f07828');
      fill([[-4, -15], [4, -15], [0, -34]], '#ffe8aa');
    } else if (fires === 1 || fires === 3) {
      // The left engine pushes the lander to the left, so its flame is on the right.
      const side = fires === 1 ? 1 : -1;
      fill([[15 * side, 11], [15 * side, 16], [32 * side, 13.5]], '#ffbe64');
    }
  }

  function instruments() {
    const [across, up] = step.speed, degrees = step.you[2] * 180 / Math.PI;
    const words = [
      `altitude ${(step.you[1] - PAD - STANDING).toFixed(1)} m`,
      `speed ${Math.hypot(across, up).toFixed(1)} m/s`,
      `angle ${Math.round(degrees)}°`,
      `${step.time.toFixed(1)} s`,
    ];
    context.fillStyle = '#eef0f7';
    context.font = '15px "IBM Plex Sans", sans-serif';
    // In the corners, because the landers start in the middle.
    words.forEach((word, place) => {
      context.textAlign = place < 2 ? 'left' : 'right';
      context.fillText(word, place < 2 ? 16 : WIDTH - 16, 28 + place % 2 * 22);
    });
  }
}
