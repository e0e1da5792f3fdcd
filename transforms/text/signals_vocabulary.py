"""Words that tell what a text is for: to sell, or to ask for consent. Ours, by language; lower case, one word each.

A single one of them stands in any text; what counts is their share of all words. Words with an ordinary life of their
own (data, settings, now) are left out, however often an advertisement has them.
"""

SELLING = {
    "en": """
        bargain bargains betting bonus bonuses bucks buy cash casino cheap cheaper cheapest cialis clearance click
        coupon coupons credit crypto deal deals debt designer diet discount discounted discounts discreet earn free
        gambling giveaway guarantee guaranteed hurry income jackpot limited loan loans lottery lowest lucky luxury
        money offer offers order payday pills poker prescription price prices prize promo promotion refund replica
        reward rewards sale sales satisfaction save savings shipping shop shopping slots subscribe supplement trial
        viagra voucher wholesale winner winning
    """,
    "de": """
        abnehmen aktionspreis angebot angebote anrufen bestellen bestpreis billig billige billiger bonus casino diät
        einkaufen erotik exklusiv exklusive garantie garantiert geld geld-zurück-garantie geschenkt gewinn gewinne
        gewinnen gewinner glückwunsch gratis gutschein gutscheine günstig günstige günstigen günstiger günstigsten
        jackpot kaufen klick klicken kostenlos kostenlose kostenlosen kostenloser kredit kredite krypto kündbar
        lieferung lotto luxus neukunden online-casino pokern potenzmittel preis preise preisen rabatt rabatte rezept
        rezeptfrei schnäppchen shop sichern sofortkredit sonderangebot sonderpreis sparen sportwetten testsieger
        tiefpreis verdienen versand versandkostenfrei viagra wetten zugreifen
    """,
    "fr": """
        abonnez-vous acheter achetez argent bitcoin bonus boutique cadeau cadeaux casino cliquez code-promo commandez
        cryptomonnaie crédit crédits discrète dépêchez-vous exclusif exclusive expédition félicitations gagnant gagner
        gagnez garanti garantie garanties gratuit gratuite gratuitement gratuits jackpot livraison loterie luxe
        maigrir minceur offerte offre offres ordonnance pilule pilules poker prix profitez promo promos promotion
        promotions prêt prêts rabais rembourse remboursé réduction réductions régime soldes tarif tarifs vente viagra
        économisez
    """,
    "es": """
        adelgazar ahorra ahorre ahorro apuestas barata baratas barato baratos bitcoin bono bonos bonus casino clic
        compra comprar compre criptomonedas crédito créditos descuento descuentos devolvemos dieta dinero discreta
        enhorabuena envío envíos exclusiva exclusivo gana ganador ganar gane garantizada garantizado garantía gratis
        gratuita gratuito jackpot lotería lujo oferta ofertas pastillas pedido pide precio precios premio premios
        promociones promoción préstamo préstamos rebajas receta regalo suscríbete tienda tragaperras venta viagra
    """,
}

CONSENT = {
    "en": """
        accept accepting ads advertisement advertisements advertising agree analytics anonymised browsing consent
        cookie cookies experience gdpr interest-based interests legitimate marketing necessary opt-out partners
        personal personalised personalized policy preferences privacy reject site third-party tracking vendors visitor
        visitors website websites withdraw
    """,
    "de": """
        ablehnen akzeptiere akzeptieren anonym berechtigten besucher besuchern cookie cookie-einstellungen
        cookie-richtlinie cookies datenschutz datenschutzerklärung datenschutzhinweise datenschutzhinweisen
        datenschutzrichtlinie drittanbieter drittanbietern dsgvo einverstanden einwilligung einwilligungen erlebnis
        impressum interesse marketing marketing-cookies notwendige partner partnern personalisieren personalisierte
        personenbezogene statistik-cookies stimmen surfen tracking verarbeitung verbessern webseite website werbung
        widerrufen widersprechen zustimmen zustimmung
    """,
    "fr": """
        accepter acceptez annonces anonyme audience confidentialité consentement consentez cookie cookies expérience
        intérêt légitime marketing mentions navigation nécessaires partenaires personnaliser personnalisée
        personnalisés personnelles préférences publicitaires publicité publicités refuser refusez retirer rgpd site
        sites tiers traceurs traitement vie-privée visiteurs
    """,
    "es": """
        acepta aceptar analítica analíticas anuncios anónima confidencialidad consentimiento consiente cookie cookies
        experiencia interés legítimo marketing navegación navegando necesarias oponerse personales personalizada
        personalizado política preferencias privacidad publicidad publicitarias rechazar retirar rgpd sitio socios
        terceros tratamiento visitantes
    """,
}
