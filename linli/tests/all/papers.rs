//! The privacy papers: the true list of what is kept, in words, as PDF and as Word.

use std::{fs, io::Read as _};

use linli::{
    areas::migrations,
    privacy::{self, Form, PaperKind},
};
use linli_platform::{
    access::Role,
    move_store,
    reader::Purpose,
    testing::Client,
    texts::{Lang, T},
};

use super::world::{Demo, account, run, said};

/// Every sealed column of the program's tables.
fn sealed() -> Vec<String> {
    let shapes = move_store::shapes(&migrations()).unwrap();
    let of = |s: &move_store::TableShape| -> Vec<String> {
        s.columns().filter(|c| c.ends_with("_sealed")).map(|c| format!("{}.{c}", s.name())).collect()
    };
    shapes.iter().flat_map(of).collect()
}

/// The text of a Word file's main part.
fn words(bytes: &[u8]) -> String {
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    assert!(package.by_name("[Content_Types].xml").is_ok() && package.by_name("_rels/.rels").is_ok());
    let mut xml = String::new();
    package.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    xml
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sealed_column_purpose_and_role_stands_in_the_papers_in_words() {
    let demo = Demo::build().await;
    let started = demo.open().await;
    let app = &started.app;
    let sealed = sealed();
    assert!(sealed.len() > 20, "only {} columns", sealed.len());
    for lang in [Lang::Zh, Lang::En] {
        let t = T::new(app.texts.clone(), lang);
        for kind in PaperKind::ALL {
            let paper = privacy::paper(app, &t, *kind).unwrap();
            let text = serde_json::to_string(&paper).unwrap();
            for column in &sealed {
                assert!(text.contains(column), "{kind}: {column} is not in the paper");
            }
            let gaps = privacy::fields(app, &t).unwrap();
            for f in gaps {
                let told = [&f.what, &f.whose, &f.ground, &f.kept].iter().all(|w| !w.is_empty());
                assert!(told, "{}: say in linli/texts what it is, whose, what for and how long", f.code);
            }
            assert!(!text.contains("privacy-"), "a text is missing: {text}");
            let xml = words(&privacy::file(app, &t, *kind, Form::Word).unwrap());
            assert!(sealed.iter().all(|c| xml.contains(c.as_str())) && xml.contains("仿宋_GB2312"), "{kind}");
            // 37, 35, 28 and 26 mm in twips.
            assert!(["2098", "1984", "1588", "1474"].iter().all(|m| xml.contains(&format!("\"{m}\""))), "margins");
        }
        let record = serde_json::to_string(&privacy::paper(app, &t, PaperKind::Record).unwrap()).unwrap();
        for purpose in Purpose::ALL {
            assert!(record.contains(&t.code("purpose", purpose)), "{purpose}");
        }
        for role in Role::ALL {
            assert!(record.contains(&t.code("role", role)), "{role}");
        }
        for kept in &app.pack.deadlines.retentions {
            let name = if lang == Lang::Zh { &kept.name } else { &kept.name_en };
            assert!(record.contains(name.as_str()), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_security_officer_and_the_office_have_them_on_a_page_and_the_command_writes_them() {
    let demo = Demo::build().await;
    let started = demo.open().await;
    for role in ["security-officer", "population-office"] {
        let client = Client::signed_in(&started.app, &started.areas, account(&started.app.store, role).await).await;
        let page = client.get("/privacy").await.text;
        assert!(page.contains("个人信息处理活动记录") && page.contains("resident.doc_sealed"), "{role}");
        let word = client.get("/privacy/assessment.docx").await;
        assert!(
            word.header("content-type").contains("wordprocessingml")
                && word.header("content-disposition").contains("attachment")
        );
        assert_eq!(client.get("/privacy/assessment.exe").await.status, http::StatusCode::NOT_FOUND);
    }
    let out = demo.path().join("papers");
    let (dir, to) = (demo.path().display().to_string(), out.display().to_string());
    let done = run(&["papers", "privacy", "--out", &to, "--dir", &dir]);
    assert!(done.status.success(), "{}", said(&done));
    for kind in PaperKind::ALL {
        let pdf = fs::read(out.join(privacy::file_name(*kind, Form::Pdf))).unwrap();
        assert!(pdf.starts_with(b"%PDF"), "{kind}");
        assert!(words(&fs::read(out.join(privacy::file_name(*kind, Form::Word))).unwrap()).contains("w:tbl"), "{kind}");
    }
}
