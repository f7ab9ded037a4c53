// The katas' page.

import './copy.js';
import './fold.js';
