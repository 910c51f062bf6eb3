package io.portproxy.admin.manage;

import io.portproxy.manage.ChangeResult;
import io.portproxy.manage.RemoteDefinition;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The remotes that no file declares. They can be added, changed and removed while the process runs. */
@RestController
@RequestMapping(path = "/api/v1/remotes", produces = "application/json")
class ManagedRemotesController {
    private final Changes changes;

    ManagedRemotesController(Changes changes) {
        this.changes = changes;
    }

    /**
     * Adds a remote with its ports. The ports are open when the answer arrives. If one of them cannot be opened,
     * nothing is changed. Then make a token for the remote; it cannot connect without one.
     *
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = RemoteBody.class)))
    @ApiResponse(responseCode = "201", description = "What was added.", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "200", description = "What would be added, with dry-run.", useReturnTypeSchema = true)
    @PostMapping
    ResponseEntity<ChangeJson> createRemote(
            HttpServletRequest request, @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun)
            throws IOException {
        JsonNode body = JsonBody.read(request);
        RemoteDefinition remote = DefinitionReader.read(body, DefinitionReader::remote);
        ChangeResult result =
                changes.run(request, dryRun, Optional.empty(), (manager, options) -> manager.create(remote, options));
        return changes.added(result, dryRun, remote, Changes.location(remote.name()));
    }

    /**
     * Replaces a remote with all of its ports. Members that are missing get their defaults. Its tokens stay.
     *
     * @param name the remote's name, percent-encoded
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     * @param drain how long open connections may continue at ports that are removed or disabled, such as {@code 10s};
     *     then they are reset. Default: portproxy.server.drain
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = RemoteBody.class)))
    @PutMapping(path = "{name}")
    ResponseEntity<ChangeJson> replaceRemote(
            @PathVariable String name,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun,
            @RequestParam Optional<String> drain)
            throws IOException {
        JsonNode body = JsonBody.read(request);
        return edit(name, ifMatch, request, dryRun, drain, before -> read(name, body));
    }

    /**
     * Changes a part of a remote (JSON merge patch, RFC 7396). Members that are missing stay as they are; a list is
     * replaced as a whole.
     *
     * @param name the remote's name, percent-encoded
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     * @param drain how long open connections may continue at ports that are removed or disabled, such as {@code 10s};
     *     then they are reset. Default: portproxy.server.drain
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(type = "object")))
    @PatchMapping(
            path = "{name}",
            consumes = {"application/merge-patch+json", "application/json"})
    ResponseEntity<ChangeJson> changeRemote(
            @PathVariable String name,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun,
            @RequestParam Optional<String> drain)
            throws IOException {
        JsonNode patch = JsonBody.read(request);
        return edit(
                name,
                ifMatch,
                request,
                dryRun,
                drain,
                before -> read(name, JsonBody.merged(JsonBody.tree(RemoteBody.of(before)), patch)));
    }

    private static RemoteDefinition read(String name, JsonNode body) {
        return DefinitionReader.read(body, (reader, members) -> reader.remoteNamed(name, members));
    }

    private ResponseEntity<ChangeJson> edit(
            String name,
            Optional<String> ifMatch,
            HttpServletRequest request,
            boolean dryRun,
            Optional<String> drain,
            UnaryOperator<RemoteDefinition> edit) {
        return changes.answer(
                changes.edit(
                        request,
                        dryRun,
                        drain,
                        (manager, options) -> manager.replace(name, IfMatch.of(ifMatch), edit, options)),
                dryRun);
    }

    /**
     * Removes a remote, with its ports and tokens. This closes its tunnels and resets its connections.
     *
     * @param name the remote's name, percent-encoded
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     */
    @DeleteMapping("{name}")
    ChangeJson removeRemote(
            @PathVariable String name,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun) {
        ChangeResult result = changes.run(
                request,
                dryRun,
                Optional.empty(),
                (manager, options) -> manager.remove(name, IfMatch.of(ifMatch), options));
        return ChangeJson.of(result, dryRun);
    }
}
