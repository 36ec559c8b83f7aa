/** The core: what the page, its worker and scripts compute with. No DOM. */

export { RULES, makeBlock, makeRule, makeScratch, perturbed, stepBlock, stepOnce } from './rules.js';
export { trajectories, strips, largestEigenvalue } from './trajectory.js';
export {
  direction, directionDerivative, eigenvalues, hessianAt, jacobian, radiusOf, spectralRadius, verdictOn,
} from './map.js';
export { OUTCOMES, codeOf, indexOf, labels, pointTable } from './outcomes.js';
export { basinGrid } from './basin_grid.js';
export { FormulaError, parseFormula } from './formula.js';
export { findCriticalPoints } from './critical.js';
export { contourLevels, contours } from './contours.js';
export { nullclines } from './nullclines.js';
export { streamlines } from './streamlines.js';
export { arrows, velocitiesAt, velocityOf } from './field.js';
export { equilibria } from './equilibria.js';
export { manifolds } from './manifolds.js';
