package io.portproxy.admin.manage;

import io.portproxy.manage.Edited;
import io.portproxy.manage.GatewayDefinition;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The gateways that no file declares. They can be added, changed and removed while the process runs. */
@RestController
@RequestMapping(path = "/api/v1/gateways/{name}", produces = "application/json")
class ManagedGatewaysController {
    private final Changes changes;

    ManagedGatewaysController(Changes changes) {
        this.changes = changes;
    }

    /**
     * Adds a gateway, or replaces one. Members that are missing get their defaults. A new gateway is open when the
     * answer arrives. If it cannot be opened, nothing is changed. With the same {@code bind}, the gateway is not opened
     * again, and its connections continue.
     *
     * @param name the gateway's name
     * @param ifMatch the ETag of what you have read; not needed to add one
     * @param ifNoneMatch {@code *} to only add one: if a gateway has that name, nothing is changed
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     */
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = GatewayBody.class)))
    @ApiResponse(responseCode = "201", description = "What was added.", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "200",
            description = "What was changed, or with dry-run would be.",
            useReturnTypeSchema = true)
    @PutMapping
    ResponseEntity<ChangeJson> putGateway(
            @PathVariable String name,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            @RequestHeader(name = "If-None-Match") Optional<String> ifNoneMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun)
            throws IOException {
        JsonNode body = JsonBody.read(request);
        GatewayDefinition gateway = BodyMembers.read(body, members -> GatewayReader.gatewayNamed(name, members));
        Edited<GatewayDefinition> edited = changes.edit(
                request,
                dryRun,
                Optional.empty(),
                (manager, options) -> manager.gateways().put(gateway, IfMatch.ofPut(ifMatch, ifNoneMatch), options));
        return edited.result().added().isEmpty()
                ? changes.answer(edited, dryRun)
                : changes.added(edited.result(), dryRun, gateway, URI.create("/api/v1/gateways/" + name));
    }

    /**
     * Removes a gateway. It closes at once; open connections continue until they end. A gateway that a host names, or
     * that is the last one of a host, cannot be removed.
     *
     * @param name the gateway's name
     * @param ifMatch the ETag of what you have read
     * @param dryRun {@code true} to only check the request: nothing is changed, and the answer says what would change
     */
    @DeleteMapping
    ChangeJson removeGateway(
            @PathVariable String name,
            @RequestHeader(name = "If-Match") Optional<String> ifMatch,
            HttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun) {
        return ChangeJson.of(
                changes.run(
                        request,
                        dryRun,
                        Optional.empty(),
                        (manager, options) -> manager.gateways().remove(name, IfMatch.of(ifMatch), options)),
                dryRun);
    }
}
