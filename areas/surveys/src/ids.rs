//! Identifiers of the survey.

linli_platform::typed_id! {
    /// A round of the monthly survey, or a re-survey of one committee (达标测查).
    SurveyId,
    /// One home given to one surveyor; the readings of its residents rest on it (测查任务).
    AssignmentId,
    /// A committee's listing for rectification (挂牌整治).
    ListingId,
}
