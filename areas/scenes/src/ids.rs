//! Identifiers of the area.

linli_platform::typed_id! {
    /// A clue about premises (场景线索).
    SceneId,
    /// A campaign (宣传活动).
    CampaignId,
}
