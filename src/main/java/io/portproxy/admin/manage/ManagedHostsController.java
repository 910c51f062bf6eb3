package io.portproxy.admin.manage;

import io.portproxy.manage.ChangeResult;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.NoSuchException;
import io.portproxy.manage.Tags;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.JsonNode;

/**
 * The hosts of one remote. A host is identified by its name, which is in the address of the request, and its path,
 * which is a parameter.
 */
@RestController
@RequestMapping(path = "/api/v1/remotes/{name}/hosts", produces = "application/json")
class ManagedHostsController {
    private final Changes changes;

    ManagedHostsController(Changes changes) {
        this.changes = changes;
    }

    /**
     * Lists the hosts of a remote. The answer shows them as they are configured.
     *
     * @param name the remote's name, percent-encoded
     */
    @GetMapping
    List<HostBody> listRemoteHosts(@PathVariable String name) {
        return changes.remote(name).definition().hosts().stream()
                .map(HostBody::of)
                .toList();
    }

    /**
     * Shows one host of a remote, as it is configured. Send its {@code ETag} to change it.
     *
     * @param name the remote's name, percent-encoded
     * @param host the host, such as {@code app.example.com}
     * @param path the host's path, percent-encoded, such as {@code /api}. Default: /
     */
    @GetMapping("{host}")
    ResponseEntity<HostBody> getRemoteHost(
            @PathVariable String name,
            @PathVariable String host,
            @RequestParam(defaultValue = HostDefinition.ALL_PATHS) String path) {
        HostDefinition there = find(name, host, path)
                .orElseThrow(() ->
                        new NoSuchException("remote " + name + " has no host " + HostDefinition.address(host, path)));
        return ResponseEntity.ok().eTag(IfMatch.quoted(Tags.of(there))).body(HostBody.of(there));
    }

    private Optional<HostDefinition> find(String name, String host, String path) {
        return changes.remote(name).definition().host(host, path);
    }

    /**
     * Adds a host to a remote. Users can reach it when the answer arrives. If another remote has this host and path,
     * the request is refused.
     *
     * @param name the remote's name, percent-encoded
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = HostBody.class)))
    @ApiResponse(responseCode = "201", description = "What was added.", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "200", description = "What would be added, with dry-run.", useReturnTypeSchema = true)
    @PostMapping
    ResponseEntity<ChangeJson> addRemoteHost(
            @PathVariable String name,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun)
            throws IOException {
        JsonNode body = JsonBody.read(request);
        HostDefinition host = DefinitionReader.read(body, DefinitionReader::host);
        ChangeResult result = changes.run(
                request, dryRun, Optional.empty(), (manager, options) -> manager.addHost(name, host, options));
        return changes.added(result, dryRun, host, location(name, host));
    }

    private static URI location(String name, HostDefinition host) {
        URI all = Changes.location(name, "hosts", host.host());
        return host.path().equals(HostDefinition.ALL_PATHS)
                ? all
                : URI.create(all + "?path=" + UriUtils.encode(host.path(), StandardCharsets.UTF_8));
    }

    /**
     * Replaces a host of a remote. Members that are missing get their defaults. Open connections may continue for
     * {@code drain}; then they are reset.
     *
     * @param name the remote's name, percent-encoded
     * @param host the host, such as {@code app.example.com}
     * @param path the host's path, percent-encoded, such as {@code /api}. Default: /
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     * @param drain how long open connections may continue if the host is disabled or gets another target, such as
     *     {@code 10s}; then they are reset. Default: portproxy.server.drain
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = HostBody.class)))
    @PutMapping("{host}")
    ResponseEntity<ChangeJson> replaceRemoteHost(
            @PathVariable String name,
            @PathVariable String host,
            @RequestParam(defaultValue = HostDefinition.ALL_PATHS) String path,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun,
            @RequestParam Optional<String> drain)
            throws IOException {
        JsonNode body = JsonBody.read(request);
        return edit(name, host, path, ifMatch, request, dryRun, drain, before -> read(before, body));
    }

    /**
     * Changes a part of a host (JSON merge patch, RFC 7396). Members that are missing stay as they are.
     *
     * @param name the remote's name, percent-encoded
     * @param host the host, such as {@code app.example.com}
     * @param path the host's path, percent-encoded, such as {@code /api}. Default: /
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     * @param drain how long open connections may continue if the host is disabled or gets another target, such as
     *     {@code 10s}; then they are reset. Default: portproxy.server.drain
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(type = "object")))
    @PatchMapping(
            path = "{host}",
            consumes = {"application/merge-patch+json", "application/json"})
    ResponseEntity<ChangeJson> changeRemoteHost(
            @PathVariable String name,
            @PathVariable String host,
            @RequestParam(defaultValue = HostDefinition.ALL_PATHS) String path,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun,
            @RequestParam Optional<String> drain)
            throws IOException {
        JsonNode patch = JsonBody.read(request);
        return edit(
                name,
                host,
                path,
                ifMatch,
                request,
                dryRun,
                drain,
                before -> read(before, JsonBody.merged(JsonBody.tree(HostBody.of(before)), patch)));
    }

    private static HostDefinition read(HostDefinition before, JsonNode body) {
        return DefinitionReader.read(
                body, (reader, members) -> reader.hostNamed(before.host(), before.path(), members));
    }

    private ResponseEntity<ChangeJson> edit(
            String name,
            String host,
            String path,
            Optional<String> ifMatch,
            HttpServletRequest request,
            boolean dryRun,
            Optional<String> drain,
            UnaryOperator<HostDefinition> edit) {
        return changes.answer(
                changes.edit(
                        request,
                        dryRun,
                        drain,
                        (manager, options) ->
                                manager.replaceHost(name, host, path, IfMatch.of(ifMatch), edit, options)),
                dryRun);
    }

    /**
     * Removes a host of a remote. New requests for it get 404 at once.
     *
     * @param name the remote's name, percent-encoded
     * @param host the host, such as {@code app.example.com}
     * @param path the host's path, percent-encoded, such as {@code /api}. Default: /
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     * @param drain how long its open connections may continue, such as {@code 10s}; then they are reset. Default:
     *     portproxy.server.drain
     */
    @DeleteMapping("{host}")
    ChangeJson removeRemoteHost(
            @PathVariable String name,
            @PathVariable String host,
            @RequestParam(defaultValue = HostDefinition.ALL_PATHS) String path,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun,
            @RequestParam Optional<String> drain) {
        ChangeResult result = changes.run(
                request,
                dryRun,
                drain,
                (manager, options) -> manager.removeHost(name, host, path, IfMatch.of(ifMatch), options));
        return ChangeJson.of(result, dryRun);
    }
}
