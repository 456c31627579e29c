// A gallery as an element of somebody's page: <fanlight-gallery src="https://photos.example.com/g/anna">.
// It only puts the frame there that could be written by hand; sites that allow no script use that.
class FanlightGallery extends HTMLElement {
  static readonly observedAttributes = ["src", "height", "title"];

  connectedCallback(): void {
    this.draw();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.draw();
  }

  private draw(): void {
    const src = this.getAttribute("src") ?? "";
    if (!/^https?:\/\//.test(src)) return;
    const frame = document.createElement("iframe");
    frame.src = `${src.replace(/\/+$/, "")}/embed`;
    frame.title = this.title || "Gallery";
    frame.loading = "lazy";
    frame.allowFullscreen = true;
    frame.width = "100%";
    frame.height = this.getAttribute("height") ?? "520";
    frame.style.border = "0";
    this.replaceChildren(frame);
  }
}

if (!customElements.get("fanlight-gallery")) customElements.define("fanlight-gallery", FanlightGallery);
