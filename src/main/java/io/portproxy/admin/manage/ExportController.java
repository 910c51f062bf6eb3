package io.portproxy.admin.manage;

import io.portproxy.admin.security.AuditLog;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.StoredRemote;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** All gateways and remotes that no file declares, for another server. */
@RestController
@RequestMapping(path = "/api/v1/config")
class ExportController {
    private static final String YAML = "application/yaml";

    private final Changes changes;

    ExportController(Changes changes) {
        this.changes = changes;
    }

    /**
     * Exports all gateways and remotes that no file declares, for {@code PUT config/desired} of another server. The
     * export includes the stored keys of their tokens. Only an admin may export: with a stored key, somebody could
     * pretend to be the server.
     */
    @GetMapping(path = "/export", produces = "application/json")
    ExportBody exportRemotes(HttpServletRequest request) {
        return ExportBody.of(gateways(), export(request));
    }

    /**
     * Exports all gateways and remotes that no file declares, as a configuration file that declares them. The file
     * includes the stored keys of their tokens, except of tokens that expire, because tokens in a file do not expire.
     */
    @GetMapping(path = "/export.yml", produces = YAML)
    ResponseEntity<String> exportFile(HttpServletRequest request) {
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, YAML)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"portproxy-remotes.yml\"")
                .body(ExportedFile.of(gateways(), export(request), Instant.now()));
    }

    private List<GatewayDefinition> gateways() {
        return changes.manager().desired().all().gateways();
    }

    private List<StoredRemote> export(HttpServletRequest request) {
        List<StoredRemote> remotes = changes.manager().desired().remotes();
        AuditLog.did(request, "has exported " + remotes.size() + " remotes with what is kept of their tokens");
        return remotes;
    }
}
