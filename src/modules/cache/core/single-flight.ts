import type { Place } from './selects.js';

interface Flight {
  readonly place: Place;
  readonly value: Promise<unknown>;
}

/**
 * Loads under way, at most one for each key: whoever misses the same key waits for it.
 *
 * A load that began before its sources changed is cut off by `abandon`: those who wait for it already get its value, those
 * who come later start a new load, and the value is not kept.
 */
export class SingleFlight {
  private readonly flights = new Map<string, Flight>();

  /**
   * The value of the load under way for `id`, or of `load`, started now.
   * @param keep given the value, unless the load failed or was abandoned
   */
  run<T>(id: string, place: Place, load: () => Promise<T>, keep: (value: T) => void): { value: Promise<T>; joined: boolean } {
    const underWay = this.flights.get(id);
    if (underWay) return { value: underWay.value as Promise<T>, joined: true };
    const start = async (): Promise<T> => {
      try {
        const value = await load();
        if (this.flights.get(id) === flight) keep(value);
        return value;
      } finally {
        if (this.flights.get(id) === flight) this.flights.delete(id);
      }
    };
    // The load starts a microtask later, when `flight` is set, even if it throws at once.
    const value = Promise.resolve().then(start);
    const flight: Flight = { place, value };
    this.flights.set(id, flight);
    return { value, joined: false };
  }

  abandon(meant: (place: Place) => boolean): void {
    for (const [id, { place }] of this.flights) {
      if (meant(place)) this.flights.delete(id);
    }
  }
}
