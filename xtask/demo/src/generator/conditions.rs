//! Problems with their ICD-10-CM codes (April 2026), and the medicines given for them.

/// A problem and what is usually given for it.
pub(super) struct Condition {
    pub(super) text: &'static str,
    pub(super) code: &'static str,
    /// The code's own words.
    pub(super) display: &'static str,
    /// In how many of a hundred residents.
    pub(super) percent: i64,
    /// One of these is ordered.
    pub(super) medicines: &'static [Medicine],
}

/// A medicine with its doses.
pub(super) struct Medicine {
    pub(super) name: &'static str,
    pub(super) doses: &'static [&'static str],
    pub(super) route: &'static str,
    pub(super) when: When,
    pub(super) high_alert: bool,
}

/// When a medicine is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Morning,
    MorningAndEvening,
    ThreeTimes,
    WithMeals,
    Night,
    /// The home charts it at an hour of its own, with a second look.
    AtItsHour,
    AsNeeded(&'static str),
}

const MOUTH: &str = "by mouth";
const SKIN: &str = "under the skin";
const BREATH: &str = "inhaled";
const EYES: &str = "in both eyes";

const fn oral(name: &'static str, doses: &'static [&'static str], when: When) -> Medicine {
    Medicine {
        name,
        doses,
        route: MOUTH,
        when,
        high_alert: false,
    }
}

const fn alert(
    name: &'static str,
    doses: &'static [&'static str],
    route: &'static str,
    when: When,
) -> Medicine {
    Medicine {
        name,
        doses,
        route,
        when,
        high_alert: true,
    }
}

const fn by(
    name: &'static str,
    doses: &'static [&'static str],
    route: &'static str,
    when: When,
) -> Medicine {
    Medicine {
        name,
        doses,
        route,
        when,
        high_alert: false,
    }
}

/// For pain, ordered for nearly everyone.
pub(super) const AS_NEEDED: &[Medicine] = &[
    oral(
        "Acetaminophen",
        &["500 mg", "650 mg"],
        When::AsNeeded("pain or fever over 38.5 °C"),
    ),
    oral(
        "Senna",
        &["8.6 mg"],
        When::AsNeeded("no bowel movement for 2 days"),
    ),
    oral("Ondansetron", &["4 mg"], When::AsNeeded("nausea")),
];

/// The first resident's: the demo's story needs an anticoagulant.
pub(super) const FIBRILLATION: Condition = Condition {
    text: "Atrial fibrillation",
    code: "I48.20",
    display: "Chronic atrial fibrillation, unspecified",
    percent: 22,
    medicines: &[
        alert(
            "Warfarin",
            &["2 mg", "3 mg", "5 mg"],
            MOUTH,
            When::AtItsHour,
        ),
        alert(
            "Apixaban",
            &["2.5 mg", "5 mg"],
            MOUTH,
            When::MorningAndEvening,
        ),
    ],
};

const fn condition(
    percent: i64,
    text: &'static str,
    code: &'static str,
    display: &'static str,
    medicines: &'static [Medicine],
) -> Condition {
    Condition {
        text,
        code,
        display,
        percent,
        medicines,
    }
}

/// All, in the order of a chart's list.
pub(super) const CONDITIONS: &[Condition] = &[
    FIBRILLATION,
    condition(
        68,
        "High blood pressure",
        "I10",
        "Essential (primary) hypertension",
        &[
            oral("Lisinopril", &["5 mg", "10 mg", "20 mg"], When::Morning),
            oral("Amlodipine", &["2.5 mg", "5 mg", "10 mg"], When::Morning),
            oral(
                "Metoprolol tartrate",
                &["12.5 mg", "25 mg"],
                When::MorningAndEvening,
            ),
        ],
    ),
    condition(
        24,
        "Heart failure",
        "I50.32",
        "Chronic diastolic (congestive) heart failure",
        &[
            oral("Furosemide", &["20 mg", "40 mg"], When::Morning),
            oral("Torsemide", &["10 mg", "20 mg"], When::Morning),
        ],
    ),
    condition(
        20,
        "Coronary heart disease",
        "I25.10",
        "Atherosclerotic heart disease of native coronary artery without angina pectoris",
        &[oral("Aspirin", &["81 mg"], When::Morning)],
    ),
    condition(
        38,
        "High cholesterol",
        "E78.5",
        "Hyperlipidemia, unspecified",
        &[oral(
            "Atorvastatin",
            &["10 mg", "20 mg", "40 mg"],
            When::Night,
        )],
    ),
    condition(
        22,
        "Type 2 diabetes",
        DIABETES,
        "Type 2 diabetes mellitus without complications",
        &[
            oral("Metformin", &["500 mg", "850 mg"], When::MorningAndEvening),
            alert(
                "Insulin glargine",
                &["8 units", "12 units", "16 units"],
                SKIN,
                When::Night,
            ),
            alert(
                "Insulin lispro",
                &["4 units", "6 units"],
                SKIN,
                When::WithMeals,
            ),
        ],
    ),
    condition(
        16,
        "COPD",
        COPD,
        "Chronic obstructive pulmonary disease, unspecified",
        &[
            by("Tiotropium", &["18 micrograms"], BREATH, When::Morning),
            by(
                "Fluticasone/salmeterol",
                &["250/50 micrograms"],
                BREATH,
                When::MorningAndEvening,
            ),
        ],
    ),
    condition(
        14,
        "Kidney disease, stage 3b",
        "N18.32",
        "Chronic kidney disease, stage 3b",
        &[],
    ),
    condition(
        30,
        "Dementia",
        DEMENTIA,
        "Unspecified dementia, unspecified severity, without behavioral disturbance, psychotic \
         disturbance, mood disturbance, and anxiety",
        &[
            oral("Donepezil", &["5 mg", "10 mg"], When::Night),
            oral("Memantine", &["5 mg", "10 mg"], When::MorningAndEvening),
        ],
    ),
    condition(
        12,
        "Alzheimer's disease",
        "G30.1",
        "Alzheimer's disease with late onset",
        &[oral("Donepezil", &["5 mg", "10 mg"], When::Night)],
    ),
    condition(
        8,
        "Parkinson's disease",
        "G20.A1",
        "Parkinson's disease without dyskinesia, without mention of fluctuations",
        &[oral("Carbidopa/levodopa", &["25/100 mg"], When::ThreeTimes)],
    ),
    condition(
        10,
        "Weakness of the right side after a stroke",
        "I69.351",
        "Hemiplegia and hemiparesis following cerebral infarction affecting right dominant side",
        &[oral("Clopidogrel", &["75 mg"], When::Morning)],
    ),
    condition(
        18,
        "Underactive thyroid",
        "E03.9",
        "Hypothyroidism, unspecified",
        &[oral(
            "Levothyroxine",
            &["25 micrograms", "50 micrograms", "75 micrograms"],
            When::Morning,
        )],
    ),
    condition(
        30,
        "Depression",
        "F32.A",
        "Depression, unspecified",
        &[
            oral("Sertraline", &["25 mg", "50 mg"], When::Morning),
            oral("Mirtazapine", &["7.5 mg", "15 mg"], When::Night),
        ],
    ),
    condition(
        18,
        "Reflux",
        "K21.9",
        "Gastro-esophageal reflux disease without esophagitis",
        &[oral("Omeprazole", &["20 mg"], When::Morning)],
    ),
    condition(
        22,
        "Osteoporosis",
        "M81.0",
        "Age-related osteoporosis without current pathological fracture",
        &[oral(
            "Calcium carbonate/vitamin D3",
            &["600 mg/400 units"],
            When::MorningAndEvening,
        )],
    ),
    condition(
        26,
        "Arthrosis of both knees",
        "M17.0",
        "Bilateral primary osteoarthritis of knee",
        &[oral(
            "Acetaminophen",
            &["500 mg", "650 mg"],
            When::ThreeTimes,
        )],
    ),
    condition(
        10,
        "Gout",
        "M10.9",
        "Gout, unspecified",
        &[oral("Allopurinol", &["100 mg"], When::Morning)],
    ),
    condition(
        9,
        "Glaucoma",
        "H40.9",
        "Unspecified glaucoma",
        &[by("Latanoprost 0.005 %", &["1 drop"], EYES, When::Night)],
    ),
    condition(
        10,
        "Enlarged prostate",
        PROSTATE,
        "Benign prostatic hyperplasia with lower urinary tract symptoms",
        &[oral("Tamsulosin", &["0.4 mg"], When::Night)],
    ),
    condition(
        12,
        "Difficulty swallowing",
        "R13.12",
        "Dysphagia, oropharyngeal phase",
        &[],
    ),
    condition(
        14,
        "Anaemia",
        "D50.9",
        "Iron deficiency anemia, unspecified",
        &[oral("Ferrous sulfate", &["325 mg"], When::Morning)],
    ),
    condition(34, "Falls", "Z91.81", "History of falling", &[]),
    condition(
        16,
        "Sleeplessness",
        "G47.00",
        "Insomnia, unspecified",
        &[oral("Melatonin", &["3 mg", "5 mg"], When::Night)],
    ),
    condition(
        24,
        "Constipation",
        "K59.00",
        "Constipation, unspecified",
        &[oral("Polyethylene glycol 3350", &["17 g"], When::Morning)],
    ),
    condition(
        5,
        "Pressure ulcer of the sacrum, stage 2",
        "L89.152",
        "Pressure ulcer of sacral region, stage 2",
        &[],
    ),
    condition(
        16,
        "Hard of hearing on both sides",
        "H91.93",
        "Unspecified hearing loss, bilateral",
        &[],
    ),
    condition(
        6,
        "Epilepsy",
        "G40.909",
        "Epilepsy, unspecified, not intractable, without status epilepticus",
        &[oral(
            "Levetiracetam",
            &["250 mg", "500 mg"],
            When::MorningAndEvening,
        )],
    ),
];

/// Codes that the journal of a resident depends on.
pub(super) const COPD: &str = "J44.9";
pub(super) const DIABETES: &str = "E11.9";
pub(super) const DEMENTIA: &str = "F03.90";
pub(super) const PROSTATE: &str = "N40.1";
