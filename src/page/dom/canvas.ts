/** A canvas as sharp as the screen, which is as large as it is told. */
export class Sharp {
  readonly node: HTMLCanvasElement;
  #width = 0;
  #height = 0;
  #ratio = 0;

  constructor(className: string) {
    this.node = document.createElement('canvas');
    this.node.className = className;
    this.node.setAttribute('aria-hidden', 'true');
  }

  /** The context, in pixels of the page; undefined where there is none. */
  sized(width: number, height: number): CanvasRenderingContext2D | undefined {
    const ratio = devicePixelRatio;
    if (width !== this.#width || height !== this.#height || ratio !== this.#ratio) {
      this.#width = width;
      this.#height = height;
      this.#ratio = ratio;
      this.node.width = Math.round(width * ratio);
      this.node.height = Math.round(height * ratio);
      this.node.style.width = `${width}px`;
      this.node.style.height = `${height}px`;
    }
    const context = this.node.getContext('2d') ?? undefined;
    context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }
}
