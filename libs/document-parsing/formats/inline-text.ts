/** Collects running text as a browser shows it: white space collapsed unless preformatted, `<br>` as a newline. */
export class InlineText {
  private text = '';
  private atSpace = true;

  add(data: string, preformatted: boolean): void {
    if (preformatted) {
      this.text += data;
      this.atSpace = false;
      return;
    }
    const collapsed = data.replace(/[ \t\n\r\f]+/g, ' ');
    const fitting = this.atSpace && collapsed.startsWith(' ') ? collapsed.slice(1) : collapsed;
    if (!fitting) return;
    this.text += fitting;
    this.atSpace = fitting.endsWith(' ');
  }

  lineBreak(): void {
    this.text += '\n';
    this.atSpace = true;
  }

  take(): string {
    const taken = this.text;
    this.text = '';
    this.atSpace = true;
    return taken;
  }
}
