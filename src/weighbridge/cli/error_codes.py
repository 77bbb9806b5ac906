"""Every error code: what happened and what to do. A house test keeps this list and the code in step."""

ERROR_CODES: dict[str, str] = {
    "E-atlas": "The lineage atlas in the state folder is damaged (it is then left as it is), cannot be read or written,"
    " is full, or holds nothing by the name that was given.",
    "E-bom-time": "The time for a bill of materials is not a date and time in UTC, or SOURCE_DATE_EPOCH is no number.",
    "E-bom-unreadable": "The file is no bill of materials in CycloneDX or SPDX JSON, or far too large or too deep.",
    "E-certificate-unreadable": "A certificate file is not PEM, or its first certificate is not that of the key.",
    "E-crl-unreadable": "A file is no certificate revocation list in PEM or DER.",
    "E-internal": "Weighbridge failed in a way that nobody foresaw. Run again with `--debug` and report the traceback.",
    "E-key-unreadable": "A key file is no PEM key on P-256, P-384 or P-521, or its passphrase is missing or wrong.",
    "E-lineage-unreadable": "A file holds no weights that can be sketched: no GGUF or safetensors, or damaged.",
    "E-model-unreadable": "Something in a model cannot be read or signed, or there is nothing to sign.",
    "E-output-failed": "The report could not be written: the disk is full, the folder is missing or not yours.",
    "E-path-missing": "A path on the command line does not exist.",
    "E-policy-empty": "The policy folder holds no policy or no rule.",
    "E-policy-missing": "The policy folder has no policy.yaml.",
    "E-policy-rule": "A rule uses an unknown name or lacks an annotation. File, line and the nearest name are said.",
    "E-policy-schema": "The schema beside the rules was made by another version of Weighbridge.",
    "E-policy-settings": "policy.yaml has an unknown key or a value that does not fit. File and line are said.",
    "E-policy-situation": "A situation in a policy's tests cannot be read. File, line and the nearest name are said.",
    "E-policy-syntax": "A .cedar file is not valid Cedar. File and line are said.",
    "E-policy-test": "A situation in a policy's tests came out differently than expected.",
    "E-policy-unreadable": "A file of the policy folder cannot be read, or is far too large.",
    "E-policy-untested": "The policy has no situations that could be tried.",
    "E-policy-yaml": "A YAML file of the policy cannot be read. File and line are said.",
    "E-port-taken": "The port is in use or may not be opened.",
    "E-signature-fails": "The signature that a bill of materials should rest on does not hold for these files, or"
    " cannot be checked here. Nothing was written; `wb verify` lists every difference.",
    "E-signature-missing": "There is no signature file where one was looked for, or it cannot be read.",
    "E-unknown-topic": "`wb explain` knows nothing by that name. The nearest names are said.",
    "E-usage": "The command line does not fit the command. `--help` lists what it takes.",
}
