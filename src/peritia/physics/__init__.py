"""The laws: one file each, its equation first. No patient, no tissue constant; parameters are passed in, SI throughout.

Gas and droplets: ``gas`` ``slip`` ``drag`` ``terminal_speed`` ``stopping_distance`` ``sizes`` ``settling`` ``coagulation`` ``visibility``
``film``.
Jet: ``jet`` ``spray`` ``impaction`` ``turbulence``. Charge: ``charging`` ``electric_field`` ``corona`` ``deutsch_anderson``.
Heat: ``water`` ``wall_transfer`` ``bioheat`` ``perfusion`` ``bath`` ``core_temperature`` ``thermal_dose``.
Tissue: ``thiele`` ``steady_depth`` ``bath_and_tissue`` ``interstitial_pressure`` ``capillary``. Blood: ``plasma``.
Effect: ``cell_kill`` ``growth`` ``tumour_control``.
Whole sessions, fast: ``aerosol_fate`` (PIPAC), ``zone_network`` (HIPEC).

A law is used as ``from peritia.physics import settling`` and ``settling.stirred_share_left(...)``.
"""
