const piecesAtOnce = 64;

/** A text that comes piece by piece. Strings that are added to each other keep every piece alive, 60 bytes a token, until somebody reads the whole: here they are joined now and then. */
export class GrowingText {
  length = 0;
  private whole = '';
  private pieces: string[] = [];

  add(piece: string): void {
    this.length += piece.length;
    if (this.pieces.push(piece) === piecesAtOnce) this.join();
  }

  toString(): string {
    this.join();
    return this.whole;
  }

  private join(): void {
    this.whole = [this.whole, ...this.pieces].join('');
    this.pieces = [];
  }
}
