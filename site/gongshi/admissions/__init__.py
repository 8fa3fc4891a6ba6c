"""Gate 纳入条件核查, GateRun 核查记录 and Admission 纳入决定: the only way into the pilot."""
