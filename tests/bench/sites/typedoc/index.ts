/**
 * Plans berths.
 *
 * A second paragraph with `code` and a [link](https://example.org/).
 *
 * > [!WARNING]
 * > Cranes stop at 20 m/s.
 *
 * @example
 * ```ts
 * const p = new Planner(4);
 * p.plan("north");
 * ```
 */
export class Planner {
  /** Number of berths. */
  readonly berths: number;
  /** Makes a planner. @param berths how many */
  constructor(berths: number) { this.berths = berths; }
  /**
   * Plans a lift.
   * @param where the berth
   * @param options more of it
   * @returns seconds
   * @throws Error if there is none
   * @deprecated use lift
   */
  plan(where: string, options: Options = {}): number { return 3; }
}
/** Options of a lift. */
export interface Options { /** Slowly? */ slow?: boolean; }
/** Kinds of berths. */
export enum Kind { /** To the north. */ North = 'north', South = 'south' }
/** Docks a ship. */
export function dock(ship: string): Promise<void> { return Promise.resolve(); }
/** A limit. */
export const LIMIT = 20;
