//! Keys and values that everybody knows, by the first eight bytes of their SHA-256, so that this source holds none.

use sha2::{Digest, Sha256};

/// Whether a key ships with software, for its tests: given as the digits of its base64 in one piece.
pub(crate) fn is_public_test_key(digits: &[u8]) -> bool {
    stands_in(&TEST_KEYS, digits)
}

/// Whether a value stands in documentation as an example.
pub(crate) fn is_documented(value: &[u8]) -> bool {
    stands_in(&EXAMPLES, value)
}

fn stands_in(known: &[(&str, &[u64])], value: &[u8]) -> bool {
    let digest = Sha256::digest(value);
    let first = digest.first_chunk().map(|&first| u64::from_be_bytes(first));
    known.iter().any(|(_, hashes)| first.is_some_and(|first| hashes.contains(&first)))
}

/// Where values come from, and their hashes.
type Known = (&'static str, &'static [u64]);

static EXAMPLES: [Known; 10] = [
    (
        "RFC 5849, OAuth 1.0",
        &[
            0x2932_57ab_6495_ebb1,
            0x2ff8_b0fb_93ac_a981,
            0x649e_1f5c_769e_718b,
            0x9d03_b692_e941_d5ac,
            0xbb9b_1163_338b_2a51,
            0xc20f_bc2b_9618_3894,
            0xcb87_c87e_4a13_8d9a,
        ],
    ),
    (
        "RFC 6749 and 6750, OAuth 2.0",
        &[
            0x00cf_4c78_1dc3_7003,
            0x6c96_130f_130a_b0d6,
            0xa35b_81a7_d792_7b70,
            0xb8e1_4854_5b13_c78b,
            0xca74_59e2_b267_76de,
            0xe997_4c50_7d2a_8021,
        ],
    ),
    ("RFC 7617, Basic authentication", &[0x687d_a00b_09c8_3361, 0x73f7_1af0_93fd_f154, 0xcf4d_418e_d3de_92d7]),
    (
        "requests-oauthlib",
        &[0x131a_6c00_534c_e4fa, 0x2831_e69a_dd71_d783, 0xa736_c937_2687_0741, 0xb55c_3eb0_8713_2236],
    ),
    ("kubectl", &[0x6a81_b242_9c0b_a421]),
    ("google-api-core", &[0xed27_ca03_dad0_3355]),
    ("GitHub's announcement of its token format", &[0x976b_57ee_8acd_fcf4]),
    ("Stripe", &[0x2caf_c097_0149_a84f, 0x7e8d_e44e_a9ec_f6d5, 0xf2d6_ca16_5150_33e5]),
    ("Azurite and the storage emulator", &[0x0011_cc25_eb43_2071]),
    ("Azure Cosmos DB emulator", &[0xaa65_4743_9583_c3a2]),
];

static TEST_KEYS: [Known; 8] = [
    (
        "cryptography-vectors 50.0.2",
        &[
            0x0062_d832_2b46_7e56,
            0x00cd_3dab_d375_9b50,
            0x017c_d95b_1b8d_74c3,
            0x02c3_0849_ac27_63dd,
            0x042b_4555_b6f4_b093,
            0x05c4_6df9_180f_1b13,
            0x06c3_6485_054d_3a28,
            0x0799_1acd_2d6b_142a,
            0x07e1_f44a_f73f_a027,
            0x0973_b4a5_b999_a341,
            0x0a77_369d_55b3_e231,
            0x0cbc_3313_5067_4559,
            0x0d48_bb1c_907a_81c1,
            0x0d8a_d65e_cd6f_f8c9,
            0x0e12_dcf4_fc33_f105,
            0x142a_8bd0_5a50_7ea0,
            0x1470_b3f2_60ac_afbb,
            0x1a74_22ea_2a0b_2497,
            0x1ca0_caf0_b828_ef6a,
            0x1cc6_037e_d5e9_2d76,
            0x2045_e134_68b7_3b09,
            0x21c6_a6b7_3267_589e,
            0x21cf_bf7a_8b21_6bba,
            0x264d_6dd9_2426_f381,
            0x27ed_e9ef_bbe2_2a8a,
            0x28ba_3a35_ae4f_4a77,
            0x29ed_98e6_2cd9_5b8e,
            0x2aec_fc81_a318_6964,
            0x2af0_6bc7_6d3e_70c8,
            0x2d1f_e887_467d_b278,
            0x2f38_9124_0806_4cf7,
            0x31c4_f1a8_9b88_62f1,
            0x3570_8937_56e8_72a6,
            0x3764_b894_fce0_8632,
            0x3c5b_275d_3c93_9aa8,
            0x3cd1_86ba_336e_1746,
            0x3ce5_247a_3fd2_a774,
            0x3f1b_768c_a7eb_4ddb,
            0x41a2_c8d0_c787_2f3b,
            0x43b4_fd21_f850_df26,
            0x45bf_03f4_e25f_92a4,
            0x4612_017b_225d_e2f1,
            0x46a1_841f_d9e2_991f,
            0x46e9_0a9c_3cb4_33d3,
            0x4b53_0a52_f5d0_03c5,
            0x4df3_7943_d7ec_96a1,
            0x4ec9_fad5_fe33_bff5,
            0x5526_1c1e_255c_224b,
            0x5597_0799_d969_1543,
            0x585d_5588_42b8_84f0,
            0x5985_c5eb_9040_d1b1,
            0x5a7b_7652_df02_1b93,
            0x5fd1_d037_1a37_b9f5,
            0x62d4_0708_b433_45a0,
            0x66a0_6fe6_6513_43af,
            0x67b4_6977_cef5_b3f5,
            0x6882_60fd_3114_e05c,
            0x68c0_148b_0443_e82a,
            0x6dc5_daf8_6b9b_4ef6,
            0x6e9c_acc6_188b_548d,
            0x70ee_ace0_ea51_4004,
            0x7243_4738_ac22_0a08,
            0x74e7_f372_d87a_d132,
            0x7506_808b_fa5a_3dd9,
            0x7f3e_e236_d51a_4243,
            0x8490_ab69_dd4a_b6f9,
            0x8659_0725_9e4d_edfa,
            0x88e8_ac80_376f_5163,
            0x8a57_13ed_41c4_d79d,
            0x8aa6_3867_4280_d364,
            0x8c14_db97_9a67_c1a3,
            0x8c71_8a1c_1244_a5d7,
            0x8e03_7a11_bdce_8fd0,
            0x8ef2_ccae_4687_cf18,
            0x9428_baac_f790_bf7b,
            0x94e3_26fe_f9a5_dfb1,
            0x9b9f_d017_358b_5237,
            0x9e5d_9532_4710_b9c8,
            0x9f53_63b1_26e8_c4bf,
            0xa093_091f_5c91_78f1,
            0xa0a2_7c7f_8cab_e70e,
            0xa12b_1d45_82d4_92f4,
            0xa15d_c13a_720c_4f30,
            0xa160_bf22_5d8a_94fd,
            0xa441_adb8_81b4_5e57,
            0xa45e_fe1a_0e7b_128a,
            0xa4e0_6845_ba2d_e8fd,
            0xa545_59ef_8215_e338,
            0xa81b_7ffc_079e_abaa,
            0xa871_78de_4658_1594,
            0xabe6_597c_b10b_c4fd,
            0xabe6_9956_f792_8e38,
            0xad81_3e66_97cb_fe63,
            0xadfa_26a3_54f4_0b92,
            0xae09_b6df_ae44_3316,
            0xae23_2de5_1d16_4ad2,
            0xb21e_56d7_e4ff_b616,
            0xb2a9_a507_a5bb_f4f3,
            0xb644_65e5_8db0_b9b1,
            0xb921_8b93_c729_1085,
            0xbc89_f64d_650c_8557,
            0xbdfa_d593_160d_7fc8,
            0xc62e_1bea_0273_60bc,
            0xc74f_53c5_93b1_d97a,
            0xc877_f98a_bb46_8386,
            0xcb74_c634_2ed8_9415,
            0xcf87_c71b_2827_b834,
            0xd2d4_a699_a122_ab6a,
            0xd4ae_31d3_98e8_034b,
            0xd83d_0a00_678f_2156,
            0xd8cd_3674_0cb4_e68c,
            0xdfcc_10de_46f1_fca0,
            0xe0b3_f615_ff5b_5e3a,
            0xe231_64bf_0c08_fa8b,
            0xe706_f0eb_d8ea_72d4,
            0xe7df_231b_efcc_649b,
            0xe9f0_df08_02a4_564f,
            0xea5a_33cc_bbb7_54e6,
            0xed30_ffed_0e72_ef08,
            0xf187_3495_a0a3_267b,
            0xfd9e_3d2e_38fa_ca52,
            0xff1e_85bf_5fe7_f86c,
        ],
    ),
    (
        "Twisted 26.10",
        &[
            0x0bb7_dbd5_28c4_ebf6,
            0x1c5f_bf4d_5586_a3b0,
            0x1ca4_c02c_7bcb_e22d,
            0x2d77_4967_83bc_9aa4,
            0x39f0_d99d_b918_3f99,
            0x3acc_089c_89ef_3679,
            0x4654_7e25_a8e4_2920,
            0x5168_bf19_4f37_9427,
            0x6ed6_addf_ca6d_d363,
            0x8025_4f91_d0f0_4bf4,
            0x806c_0c4c_f8d1_92c8,
            0xc1ba_fbbe_bc8b_98b2,
            0xcee1_060b_7721_3d72,
            0xd1de_f430_1395_056b,
            0xe7c6_2801_366b_a25b,
            0xe8f1_0305_7863_f827,
        ],
    ),
    (
        "GnuTLS 3.7.9",
        &[
            0x06b3_7a7e_3254_992b,
            0x2808_6490_28d2_fa88,
            0x30db_3ea6_d728_b88c,
            0x9a54_49e6_8775_db80,
            0x9ab6_db67_523b_a607,
            0xbf55_2d2f_f30b_20f0,
            0xd758_e4ce_b7c6_4259,
            0xdf96_5cd7_9ecf_bd95,
            0xe033_bc87_562a_8915,
            0xf5e4_2bee_7204_054c,
        ],
    ),
    ("Requests", &[0x63dd_c6e9_e73d_4538, 0x7d0f_00f2_4072_d67c, 0xb8b6_1e0f_babf_28d5, 0xfc76_a332_ade9_5f8d]),
    ("urllib3", &[0x2fce_4d91_f1a9_4a16, 0xcf91_8899_8d86_73fb]),
    (
        "google-auth",
        &[
            0x1f0f_c791_2ab6_cbad,
            0x80b3_7fcc_c3aa_2340,
            0x83cc_d478_5214_9303,
            0xa7a7_8210_dbad_49b7,
            0xb5c8_15b5_6ed7_3324,
            0xec7c_58d6_aa8d_bb3d,
            0xf7f8_bad5_8d57_a86c,
            0xfaef_c69a_971d_d70e,
        ],
    ),
    (
        "boto",
        &[
            0x1bf9_4424_15ff_e9f5,
            0x3ee3_9ad5_99da_b5a9,
            0x80e5_41f2_7385_d516,
            0x8166_87a2_9386_bca8,
            0x82b5_0325_2ac4_e505,
            0xf2a4_b3de_8509_5016,
            0xf971_1627_f2dc_2dd9,
            0xfaee_0001_1c10_c905,
        ],
    ),
    ("XML Security Library", &[0x27f8_c237_c4c4_41c1]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert!(is_documented(b"2YotnFZFEjr1zCsicMWpAA") && !is_documented(b"2YotnFZFEjr1zCsicMWpAB"));
        assert!(!is_public_test_key(b""));
    }
}
