//! What a document may see: its source, the layout, its data, the fonts. No files, no network, no clock.

use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::fonts::Fonts;

pub(crate) struct DocumentWorld<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    main: Source,
    layout: Source,
    data: (FileId, Bytes),
}

fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names of our own files are well-formed");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl<'a> DocumentWorld<'a> {
    pub(crate) fn new(fonts: &'a Fonts, source: &str, layout: &str, data: &serde_json::Value) -> Self {
        DocumentWorld {
            library: LazyHash::new(Library::default()),
            fonts,
            main: Source::new(file("main.typ"), source.to_owned()),
            layout: Source::new(file("gbt9704.typ"), layout.to_owned()),
            data: (file("data.json"), Bytes::new(data.to_string().into_bytes())),
        }
    }
}

impl World for DocumentWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }
    fn main(&self) -> FileId {
        self.main.id()
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.main, &self.layout].into_iter().find(|s| s.id() == id).cloned().ok_or(FileError::AccessDenied)
    }
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
