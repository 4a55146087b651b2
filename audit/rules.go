package audit

import (
	"fmt"
	"slices"
	"strings"
)

// Rules are all rules, by id. One line each, so that two who add some at the
// same time do not meet.
func Rules() []*Rule {
	return []*Rule{
		syntax,       // WC001
		templateFile, // WC002
		unusedIgnore, // WC003

		embeddedMode,             // WC101
		daemonDefinedNotUsed,     // WC102
		restrictEmbeddedMissing,  // WC103
		unknownProcessGroup,      // WC104
		groupNotAccessible,       // WC105
		preloadOrder,             // WC106
		duplicateDaemonName,      // WC107
		daemonUserShared,         // WC108
		timeoutsUnset,            // WC109
		localeUnset,              // WC110
		monitorDisabled,          // WC111
		cExtensionSubinterpreter, // WC112

		envGroupUnset,           // WC113
		envGroupUnrestricted,    // WC114
		restrictProcessMismatch, // WC115
		globalInterpreterShared, // WC116
		groupNameLiteral,        // WC117
		hostExpansion,           // WC118
		embeddedRefused,         // WC119
		aliasShadowed,           // WC120
		aliasMainServerLeak,     // WC121
		processesOne,            // WC122
		threadsMany,             // WC123
		serviceWithoutScript,    // WC124
		importScriptGlobal,      // WC125
		importGroupMismatch,     // WC126

		timeoutNotNumeric,     // WC127
		maxRequestsLow,        // WC128
		recycleWithoutGrace,   // WC129
		interruptTimeoutShort, // WC130
		requestTimeoutLow,     // WC131
		socketTimeoutOrder,    // WC132
		shutdownTimeoutHigh,   // WC133
		inactivityOnBusy,      // WC134
		ignoreActivityUseless, // WC135
		memoryLimitPlatform,   // WC137
		reloadOffQueueZero,    // WC138
		limitRequestBody,      // WC140
		reqtimeoutMissing,     // WC141

		pythonHomeMissing,     // WC142
		pythonHomeInvalid,     // WC143
		sitePackagesInPath,    // WC144
		pythonpathIneffective, // WC145
		pythonhomeGlobalMulti, // WC146
		pythonVersionMismatch, // WC147
		twoWSGIModules,        // WC149
		displayNameMissing,    // WC151
		eggsOrLegacy,          // WC152

		scriptUnderDocroot,    // WC154
		aliasToDirectory,      // WC155
		slashMismatch,         // WC156
		requireMissing,        // WC157
		requireTooBroad,       // WC158
		aliasOrderStatic,      // WC159
		rewriteWithoutPT,      // WC160
		fallbackResource,      // WC161
		addhandlerExecCGI,     // WC162
		addhandlerPyBroad,     // WC163
		userdirWSGI,           // WC164
		htaccessDirectives,    // WC166
		allowoverrideFileInfo, // WC167

		passAuthorizationWithApacheAuth, // WC168
		trustedHeadersAnyPeer,           // WC170
		trustedProxiesWide,              // WC171
		trustedHeadersUnknown,           // WC172
		trustedHeadersDuplicateCategory, // WC173
		remoteipAndTrusted,              // WC174
		authScriptEmbedded,              // WC175
		authScriptOnlyHtaccess,          // WC176
		basicAuthPlainHTTP,              // WC177
		errorOverrideEmbedded,           // WC178

		socketPrefixTmp,       // WC179
		socketPathLong,        // WC181
		restrictSignalOff,     // WC183
		chrootUsed,            // WC186
		serverMetricsOn,       // WC187
		slowRequestsAlone,     // WC189
		serverTokens,          // WC190
		logLevelHigh,          // WC191
		gilOptions,            // WC193
		destroyInterpreterOff, // WC194

		embeddedPreforkChurn, // WC195
		daemonMPMTooSmall,    // WC197

		removedDirective,       // WC199
		removedDaemonOption,    // WC200
		tooNewDirective,        // WC201
		verboseDebugging,       // WC202
		cve,                    // WC204
		restrictEmbeddedToggle, // WC205
		bodyLimitCrash,         // WC206
		oldAccessControl,       // WC207

		chunkedRequest,    // WC209
		requireInLocation, // WC211
		certbotDuplicate,  // WC212
		changedByOthers,   // WC213

		secretInEnv,         // WC220
		directoryListing,    // WC221
		pythonPathMissing,   // WC222
		codeChangedByOthers, // WC223
		staticDenied,        // WC224
		virtualHostHidden,   // WC226
		daemonWithoutFolder, // WC227
		scriptMissing,       // WC228
		scriptClosed,        // WC229
		notPreloaded,        // WC230
		oneProcess,          // WC231
		scriptReloading,     // WC232
	}
}

// FindRule is the rule of that id or name.
func FindRule(name string) (*Rule, error) {
	rules := Rules()
	i := slices.IndexFunc(rules, func(r *Rule) bool { return strings.EqualFold(r.ID, name) || r.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("no rule %s: \"wsgictl rules\" lists them", name)
	}
	return rules[i], nil
}

// RulesOf are the rules of a category, none where it is none.
func RulesOf(category string) []*Rule {
	return slices.DeleteFunc(Rules(), func(r *Rule) bool { return string(r.Category) != category })
}

// RulesBeginning are the rules whose ids begin so, none for what begins no id.
func RulesBeginning(id string) []*Rule {
	return slices.DeleteFunc(Rules(), func(r *Rule) bool { return id == "" || !strings.HasPrefix(r.ID, strings.ToUpper(id)) })
}

// CheckNames reports a word in a selection that fits no rule.
func CheckNames(names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(Rules(), func(r *Rule) bool { return r.isSelectedBy(name) }) {
			return fmt.Errorf("no rule and no category %s: \"wsgictl rules\" lists them", name)
		}
	}
	return nil
}

// isSelectedBy tells whether a word of a selection is for the rule: its category,
// its name, its id, or the beginning of its id.
func (r *Rule) isSelectedBy(word string) bool { return string(r.Category) == word || r.isCalled(word) }

// isNamedBy tells whether a word means the rule: its category, its name or its
// whole id.
func (r *Rule) isNamedBy(word string) bool {
	return string(r.Category) == word || r.Name == word || strings.EqualFold(r.ID, word)
}

// isCalled tells whether a word is for the rule alone: its name, its id, or the
// beginning of its id.
func (r *Rule) isCalled(word string) bool {
	return word != "" && (r.Name == word || strings.HasPrefix(r.ID, strings.ToUpper(word)))
}
