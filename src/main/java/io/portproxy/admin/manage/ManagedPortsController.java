package io.portproxy.admin.manage;

import io.portproxy.manage.ChangeResult;
import io.portproxy.manage.NoSuchException;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.Tags;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
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
import tools.jackson.databind.JsonNode;

/** The ports of one remote. */
@RestController
@RequestMapping(path = "/api/v1/remotes/{name}/ports", produces = "application/json")
class ManagedPortsController {
    private final Changes changes;

    ManagedPortsController(Changes changes) {
        this.changes = changes;
    }

    /**
     * Lists the ports of a remote. The answer shows them as they are configured.
     *
     * @param name the remote's name, percent-encoded
     */
    @GetMapping
    List<PortBody> listRemotePorts(@PathVariable String name) {
        return changes.remote(name).definition().ports().stream()
                .map(PortBody::of)
                .toList();
    }

    /**
     * Shows one port of a remote, as it is configured. Send its {@code ETag} to change it.
     *
     * @param name the remote's name, percent-encoded
     * @param port the port's name, percent-encoded
     */
    @GetMapping("{port}")
    ResponseEntity<PortBody> getRemotePort(@PathVariable String name, @PathVariable String port) {
        PortDefinition there = changes.remote(name)
                .definition()
                .port(port)
                .orElseThrow(() -> new NoSuchException("remote " + name + " has no port " + port));
        return ResponseEntity.ok().eTag(IfMatch.quoted(Tags.of(there))).body(PortBody.of(there));
    }

    /**
     * Adds a port to a remote. It is open when the answer arrives. If it cannot be opened, nothing is changed.
     *
     * @param name the remote's name, percent-encoded
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = PortBody.class)))
    @ApiResponse(responseCode = "201", description = "What was added.", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "200", description = "What would be added, with dry-run.", useReturnTypeSchema = true)
    @PostMapping
    ResponseEntity<ChangeJson> addRemotePort(
            @PathVariable String name,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun)
            throws IOException {
        JsonNode body = JsonBody.read(request);
        PortDefinition port = DefinitionReader.read(body, DefinitionReader::port);
        ChangeResult result = changes.run(
                request, dryRun, Optional.empty(), (manager, options) -> manager.addPort(name, port, options));
        return changes.added(result, dryRun, port, Changes.location(name, "ports", port.name()));
    }

    /**
     * Replaces a port of a remote. Members that are missing get their defaults. With the same {@code bind}, the port is
     * not opened again, and its connections continue.
     *
     * @param name the remote's name, percent-encoded
     * @param port the port's name, percent-encoded
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     * @param drain how long open connections may continue if the port is disabled or moved, such as {@code 10s}; then
     *     they are reset. Default: portproxy.server.drain
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = PortBody.class)))
    @PutMapping("{port}")
    ResponseEntity<ChangeJson> replaceRemotePort(
            @PathVariable String name,
            @PathVariable String port,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun,
            @RequestParam Optional<String> drain)
            throws IOException {
        JsonNode body = JsonBody.read(request);
        return edit(name, port, ifMatch, request, dryRun, drain, before -> read(port, body));
    }

    /**
     * Changes a part of a port (JSON merge patch, RFC 7396). Members that are missing stay as they are.
     *
     * @param name the remote's name, percent-encoded
     * @param port the port's name, percent-encoded
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     * @param drain how long open connections may continue if the port is disabled or moved, such as {@code 10s}; then
     *     they are reset. Default: portproxy.server.drain
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(type = "object")))
    @PatchMapping(
            path = "{port}",
            consumes = {"application/merge-patch+json", "application/json"})
    ResponseEntity<ChangeJson> changeRemotePort(
            @PathVariable String name,
            @PathVariable String port,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun,
            @RequestParam Optional<String> drain)
            throws IOException {
        JsonNode patch = JsonBody.read(request);
        return edit(
                name,
                port,
                ifMatch,
                request,
                dryRun,
                drain,
                before -> read(port, JsonBody.merged(JsonBody.tree(PortBody.of(before)), patch)));
    }

    private static PortDefinition read(String port, JsonNode body) {
        return DefinitionReader.read(body, (reader, members) -> reader.portNamed(port, members));
    }

    private ResponseEntity<ChangeJson> edit(
            String name,
            String port,
            Optional<String> ifMatch,
            HttpServletRequest request,
            boolean dryRun,
            Optional<String> drain,
            UnaryOperator<PortDefinition> edit) {
        return changes.answer(
                changes.edit(
                        request,
                        dryRun,
                        drain,
                        (manager, options) -> manager.replacePort(name, port, IfMatch.of(ifMatch), edit, options)),
                dryRun);
    }

    /**
     * Removes a port of a remote. The port closes at once.
     *
     * @param name the remote's name, percent-encoded
     * @param port the port's name, percent-encoded
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     * @param drain how long its open connections may continue, such as {@code 10s}; then they are reset. Default:
     *     portproxy.server.drain
     */
    @DeleteMapping("{port}")
    ChangeJson removeRemotePort(
            @PathVariable String name,
            @PathVariable String port,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun,
            @RequestParam Optional<String> drain) {
        ChangeResult result = changes.run(
                request,
                dryRun,
                drain,
                (manager, options) -> manager.removePort(name, port, IfMatch.of(ifMatch), options));
        return ChangeJson.of(result, dryRun);
    }
}
