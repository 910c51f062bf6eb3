package io.portproxy.admin.manage;

import io.portproxy.manage.Desired;
import io.portproxy.manage.DesiredManager;
import io.portproxy.manage.Edited;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.Tags;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** All gateways and remotes that no file declares, as one document. */
@RestController
@RequestMapping(path = "/api/v1/config/desired", produces = "application/json")
class DesiredController {
    private final Changes changes;

    DesiredController(Changes changes) {
        this.changes = changes;
    }

    /** Shows all gateways and remotes that no file declares. The document has their ports and hosts, but no tokens. */
    @GetMapping
    ResponseEntity<DesiredBody> getDesired() {
        Desired desired = changes.manager().desired().all();
        return ResponseEntity.ok().eTag(IfMatch.quoted(Tags.of(desired))).body(DesiredBody.of(desired));
    }

    /** The content of the document. */
    private record Wanted(Optional<List<GatewayDefinition>> gateways, List<DesiredManager.Entry> remotes) {}

    /**
     * Replaces all gateways and remotes that no file declares. The document contains the new ones. If one part fails,
     * nothing is changed. Whatever is not in the document is removed. Without {@code gateways}, the gateways stay as
     * they are. A remote that stays keeps its tokens, unless the document has {@code tokens} for it, as an export does.
     *
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     * @param drain how long open connections may continue at ports that are removed or disabled, such as {@code 10s};
     *     then they are reset. Default: portproxy.server.drain
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = ExportBody.class)))
    @PutMapping
    ResponseEntity<ChangeJson> replaceDesired(
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun,
            @RequestParam Optional<String> drain)
            throws IOException {
        JsonNode body = JsonBody.read(request);
        Wanted wanted = DefinitionReader.read(
                body, (reader, members) -> new Wanted(GatewayReader.gateways(members), reader.remotes(members)));
        Edited<Desired> edited = changes.edit(
                request,
                dryRun,
                drain,
                (manager, options) -> manager.desired()
                        .replaceAll(wanted.gateways(), wanted.remotes(), IfMatch.of(ifMatch), options));
        return changes.answer(edited, dryRun);
    }
}
