/** Plans berths. With <b>bold</b>.
 * @class
 * @example
 * const p = new Planner(4);
 * p.plan("north");
 */
class Planner {
  /** Makes a planner. @param {number} berths - how many */
  constructor(berths) { /** Number. @type {number} */ this.berths = berths; }
  /** Plans a lift.
   * @param {string} where - the berth
   * @param {Object} [options] - more of it
   * @param {boolean} options.slow - slowly?
   * @returns {number} seconds
   * @throws {Error} if there is none
   * @deprecated use lift
   * @since 2.0
   */
  plan(where, options) { return 3; }
}
/** Docks a ship. @param {string} ship - the ship
 * @returns {Promise} when done */
function dock(ship) {}
