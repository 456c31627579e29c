"""Pictures: thumbnails, media info, previews of documents, and generated sample photographs."""
