//! `ledgers.toml`, `scenes.toml`, `documents.toml` (R22, R36).

use crate::Subject;
use crate::rules::team::Source;

choice! {
    /// Who can solve a scene.
    Solver {
        /// The grid's team.
        Grid = "grid",
        /// Property management (物业).
        Property = "property",
        /// Housing authority (房管).
        Housing = "housing",
        /// Fire authority (消防).
        Fire = "fire",
        /// Urban management (城管).
        UrbanManagement = "urban-management",
        /// Police station (派出所).
        Station = "station",
        /// Population office (人口办).
        Office = "office",
    }
}

choice! {
    /// What a document is.
    DocumentUse {
        /// Ledger (台账).
        Ledger = "ledger",
        /// Bulletin (通报).
        Bulletin = "bulletin",
        /// Meeting record (会议记录).
        MeetingRecord = "meeting-record",
        /// Notice sign (公示牌).
        NoticeSign = "notice-sign",
        /// Receipt (凭证).
        Receipt = "receipt",
    }
}

choice! {
    /// Layout of a document.
    Layout {
        /// Official documents, GB/T 9704-2012.
        GbT9704 = "gb-t-9704",
        /// The program's own.
        Plain = "plain",
    }
}

choice! {
    /// File format of a document.
    Format {
        /// PDF.
        Pdf = "pdf",
        /// Word.
        Docx = "docx",
        /// Excel.
        Xlsx = "xlsx",
    }
}

item! {
    /// One of the six ledgers (台账).
    Ledger(String) {
        /// What it is about.
        subject: Subject,
        /// The data it is drawn from.
        source: Source,
    }
}

item! {
    /// One of the sixteen scenes (场景), about premises.
    Scene(String) {
        /// What it is about; premises.
        subject: Subject,
        /// Who can solve it.
        solver: Solver,
    }
}

item! {
    /// A document that the program makes.
    Document(String) {
        /// What it is.
        kind: DocumentUse,
        /// Its layout.
        layout: Layout,
        /// Its formats.
        formats: Vec<Format>,
        /// The characters before the year of its number (机关代字), such as 青香人; documents of one series are numbered
        /// together. Empty where it bears no number.
        #[serde(default)]
        series: String,
    }
}
