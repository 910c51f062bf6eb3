package io.portproxy.admin.api;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The certificates of this process. */
@RestController
@RequestMapping(path = "/api/v1/certificates", produces = "application/json")
class CertificatesController {
    private final Certificates certificates;

    CertificatesController(Certificates certificates) {
        this.certificates = certificates;
    }

    /** Lists all certificates of this process. Those by ACME come first, sorted by name, then those of SSL bundles. */
    @GetMapping
    List<CertificateJson> listCertificates() {
        return certificates.all();
    }
}
